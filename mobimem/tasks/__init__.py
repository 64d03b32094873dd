"""The agent: what a task may do, what a model may decide of it, and how that becomes steps like any other.

`goal` is what a task is to come to and what it came to, `way` what it has done so far, `past` the same as journals tell
it. `forms` is what a model can say, `view` what it is shown, `scope` and `grounding` what it may, `deeds` its choice as
a step of a recipe, `proposing` what the owner is shown of it, `watching` when it goes round in circles, `resuming`
where replay goes on, `ending` whether the task is done, `distilling` what is learnt of it. All of these are pure.
`deciding` asks the model, `answers` the owner, `hand` acts, `agent` is the loop over them.
"""
