"""Experience memory: what a task's words looked like, which of them change, and which steps they stood for.

`memory.experience.recall.ExperienceMemory` learns a phrasing from one run and matches new words under the
unexplained-word rule. Pure: no model, no network, no file; a store keeps what `template.to_data` returns.
"""
