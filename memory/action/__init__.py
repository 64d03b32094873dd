"""Action memory: the steps themselves, each stored once, and how far they can be replayed for given words.

`steps` is the one home of step revisions; `tree` shares prefixes, `chain` segments; `replay.ActionMemory` asks
experience memory first and falls back to them. Pure: no screen is read here, words and history decide.
"""
