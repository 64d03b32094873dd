"""What may run by itself, what is asked, what is refused - and the record of all of it.

`amounts` reads money, `rules` decides (both pure), `reading` is the policy file, `asks` the questions that wait for the
owner, `standing` what the owner has allowed once and for all, `audit` the log of every decision, and `consent` puts it
together as the callback that `replay.runner` asks. docs/policy.md tells it to the owner.
"""
