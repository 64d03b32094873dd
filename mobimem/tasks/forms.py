"""What a model can say: what a task needs and is to tell (`Reach`), and one step at a time (`Choice`). Nothing else.

No form can name a tool, a place on the screen, a package that was not offered or a step of several acts: what is not
in a form cannot be asked for, whatever a model was told by what it read. One flat form and not a union: small models
fill it in more often than not. Whether a choice fits the screen and the task is `mobimem.tasks.scope`'s to say.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from replay.readout import is_name

Act: TypeAlias = Literal[
    "tap", "hold", "type", "scroll", "back", "open_app", "wait", "report", "done", "ask_owner", "give_up"
]
ON_ELEMENT: Final[tuple[Act, ...]] = ("tap", "hold", "type")
TEXT_MAX: Final = 2_000
WHY_MAX: Final = 500
APPS_MAX: Final = 4
RESULTS_MAX: Final = 2  # of one task; more is a plan's

_NEEDS: Final[dict[Act, tuple[str, ...]]] = {
    "tap": ("element",), "hold": ("element",), "type": ("element", "text"), "scroll": ("direction",), "back": (),
    "open_app": ("app",), "wait": (), "report": ("result", "text"), "done": (), "ask_owner": ("text",), "give_up": (),
}  # fmt: skip


class Reach(BaseModel):
    """Which apps a task needs, whether it does something for good, and what it is to find out; answered from the
    owner's words alone."""

    model_config = ConfigDict(extra="forbid")

    apps: list[str] = Field(
        min_length=1, max_length=APPS_MAX, description="packages from the list, the first one first"
    )
    for_good: bool = Field(description="true if the task itself sends, pays, deletes, posts, calls or books something")
    results: list[str] = Field(
        default_factory=list, max_length=RESULTS_MAX,
        description="a name (a to z, 0 to 9 and _) for each thing the words ask to be told; empty where they ask none",
    )  # fmt: skip
    why: str = Field(max_length=WHY_MAX)

    @field_validator("results")
    @classmethod
    def _are_names(cls, results: list[str]) -> list[str]:
        if odd := [name for name in results if not is_name(name)]:
            raise ValueError(f"{odd[0][:40]!r} is no name: a letter of a to z, then a to z, 0 to 9 and _, 32 at most")
        if len(set(results)) < len(results):
            raise ValueError("two results have the same name")
        return results


class Choice(BaseModel):
    """The next step. Fields an act has no use for are null."""

    model_config = ConfigDict(extra="forbid")

    act: Act
    element: int | None = Field(None, description="number in the list: what to tap, hold, type into, or scroll")
    text: str | None = Field(
        None, max_length=TEXT_MAX, description="what to type, what is reported, or the question to the owner"
    )
    direction: Literal["up", "down", "left", "right"] | None = Field(None, description="towards what is to be seen")
    app: str | None = Field(None, description="package of the app to open")
    result: str | None = Field(None, max_length=40, description="name of the result that is reported")
    why: str = Field(max_length=WHY_MAX, description="one sentence")

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Choice:
        missing = [name for name in _NEEDS[self.act] if getattr(self, name) in (None, "")]
        if missing:
            raise ValueError(f"{self.act} needs {' and '.join(missing)}")
        return self

    @property
    def key(self) -> str:
        """Equal for two choices of the same thing, whatever the reason given."""
        return "\0".join(map(str, (self.act, self.element, self.text, self.direction, self.app, self.result)))
