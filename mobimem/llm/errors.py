"""What can go wrong between us and a model, grouped by what to do next.

    ModelError
    +-- NoModel             no model is configured: configure one, or teach the task
    +-- ModelUnreachable    nobody answers, or not with an answer: check the address; it is tried again by itself later
    +-- ModelSlow           no whole answer in the time allowed
    +-- KeyRejected         the endpoint does not accept the key
    +-- ModelUnknown        the endpoint does not have the model
    +-- ModelBusy           the endpoint asks to wait longer than we do
    +-- ModelResting        it failed too often in a row: it is left alone for a while
    +-- RequestRejected     the endpoint does not take what was asked
    +-- ModelRefused        the model declined to answer
    +-- AnswerUnusable      it answered, and not in the form asked for, twice
    +-- BudgetSpent         the task may not ask any more
    +-- AskingCancelled     the caller stopped waiting

None of them means that the task failed: what memory can serve goes on without a model.
"""

from __future__ import annotations

from mobimem.errors import MobimemError


class ModelError(MobimemError):
    """Root of the model client's errors. `retry` says that the same request may succeed soon.

    `read_chars` are the characters of an answer that were read before it went wrong: they count too.
    """

    retry = False
    read_chars = 0
    next_step = "Try again later; what memory knows works without a model."


class NoModel(ModelError):
    next_step = (
        "Teach the task once (`mobimem teach NAME`), or name a model in models.toml in the data folder"
        " (docs/models.md)."
    )


class ModelUnreachable(ModelError):
    retry = True
    next_step = (
        "Check that the endpoint runs and that base_url in models.toml is its address, with /v1 where it has one."
    )


class ModelSlow(ModelError):
    retry = True
    next_step = "Raise timeout_s in models.toml, or use a smaller model."


class KeyRejected(ModelError):
    next_step = "Put a valid key where models.toml says it is (key_env or key_secret)."


class ModelUnknown(ModelError):
    next_step = "Name a model in models.toml that the endpoint has (GET <base_url>/models lists them)."


class ModelBusy(ModelError):
    """The endpoint is over its limits. `wait_s` is how long it asks to wait; None if it does not say."""

    retry = True
    next_step = "Wait as long as it says, or raise the limit with whoever runs the endpoint."

    def __init__(self, cause: str, *, wait_s: float | None = None) -> None:
        self.wait_s = wait_s
        super().__init__(cause)


class ModelResting(ModelError):
    next_step = "It is tried again by itself; `mobimem doctor` asks it at once."


class RequestRejected(ModelError):
    next_step = "Check the model's settings in models.toml (pictures, schema, answer_tokens)."


class ModelRefused(ModelError):
    next_step = "Say the task differently, teach it (`mobimem teach NAME`), or use another model."


class AnswerUnusable(ModelError):
    next_step = "Use a model that can answer in JSON, or teach the task (`mobimem teach NAME`)."


class BudgetSpent(ModelError):
    next_step = "Raise the budget in models.toml, or teach the task (`mobimem teach NAME`): then it needs no model."


class AskingCancelled(ModelError):
    next_step = "Nothing: it was stopped on request."
