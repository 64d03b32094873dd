"""The agent: what a task may do, what a model may decide of it, and how that becomes steps like any other.

`forms` is what a model can say, `view` what it is shown, `scope` and `grounding` what it may, `deeds` its choice as a
step of a recipe, `watching` when it goes round in circles, `resuming` where replay goes on, `ending` whether the task
is done, `distilling` what is learnt of it. All of these are pure. `deciding` asks the model, `hand` acts, `agent` is
the loop over them.
"""
