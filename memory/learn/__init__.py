"""Learning: finished lessons and runs become templates, steps in the one step book, tree, chain and statistics.

`lesson` is what is learnt from, `guard` what never is, `steps` the way between a recipe's steps and the step book,
`lifecycle` what success and failure make of a template, `queue` the bounded queue in the store, and `learner` the door.
No model, no network, no phone. Of replaying it knows only the data: traces and recipes.
"""
