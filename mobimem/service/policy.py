"""Use cases: the owner's rules, the questions that wait for a yes, what is allowed for good, and the log of it all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from device.clock import Clock, SystemClock
from device.errors import ReadAgain
from device.protocol import Device
from mobimem import folders
from mobimem.errors import BadInput, NotDone
from mobimem.policy.asks import ANSWERS, Ask, Asked
from mobimem.policy.audit import Audited, Entry
from mobimem.policy.consent import Books, Guard
from mobimem.policy.matter import Work
from mobimem.policy.reading import read_policy
from mobimem.policy.rules import ANY, Policy
from mobimem.policy.standing import Standing
from mobimem.running import told_to_stop
from mobimem.service.secrets import store
from perception.errors import HierarchyRefused
from perception.screen import Screen
from replay.commands import Decision
from replay.recipe import Step
from replay.runner import Consent
from replay.secrecy import Secrets

RULES = "rules.toml"
POLL_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class PolicyShown:
    """`file` is where the owner's rules are, or may be put; `words` the rules in force, one line each."""

    file: str
    exists: bool
    words: tuple[str, ...]
    standing: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class AskAnswered:
    """The owner's answer to a question; `standing` is what "always" has made."""

    ask: Ask
    said: str
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class AuditShown:
    """The end of the log. `broken` says where it is damaged or cut; "" if all `lines` of it are whole."""

    entries: tuple[Entry, ...]
    lines: int
    broken: str


def show_policy() -> PolicyShown:
    """The owner's rules and standing yeses.

    Raises:
        BadInput: the file of rules is not what it should be.
    """
    file = folders.policy_folder() / RULES
    return PolicyShown(str(file), _is_there(), owners_policy().words, books().standing.all())


def owners_policy() -> Policy:
    """The rules that hold for every run; without a file, everything irreversible is asked.

    Raises:
        BadInput: the file is not what it should be: then nothing runs, because a rule may be missing.
    """
    return read_policy(folders.policy_folder() / RULES, otherwise="ask") if _is_there() else Policy((), "ask")


def one_ask(name: str, *, clock: Clock | None = None) -> Ask:
    """A question by its id.

    Raises:
        BadInput: there is none.
    """
    return books().asks.one(name, at=(clock or SystemClock()).now()).ask


def list_asks(*, clock: Clock | None = None) -> tuple[Asked, ...]:
    """The questions that wait for the owner's yes."""
    at = (clock or SystemClock()).now()
    return tuple(asked for asked in books().asks.all(at=at) if asked.state == "open")


def answer_ask(name: str, said: str, *, any_value: Iterable[str] = (), clock: Clock | None = None) -> AskAnswered:
    """Answers a stored question.

    Args:
        said: "yes" (for one act), "no", or "always" (a standing yes for this step with these values).
        any_value: slots that may then hold anything; only with "always".

    Raises:
        BadInput: no such question, answer or slot. NotDone: it is closed, or cannot be allowed once and for all.
    """
    at = (clock or SystemClock()).now()
    kept, free = books(), tuple(any_value)
    if said not in ANSWERS:
        raise BadInput(f"{said!r} is no answer to {name}", next_step=f"Say one of {', '.join(ANSWERS)}.")
    ask = kept.asks.one(name, at=at).ask
    if free and said != "always":
        raise BadInput("--any widens a standing yes only", next_step="Say always, or leave --any out.")
    if unknown := [slot for slot in free if slot not in ask.values]:
        raise BadInput(f"{', '.join(unknown)} is no slot of it", next_step=f"It has {', '.join(ask.values) or 'none'}.")
    if said == "always" and not ask.lasting:
        raise NotDone(
            f"{ask.says!r} cannot be allowed once and for all ({ask.why})",
            next_step="Say yes for this once; or change the rule that asks (mobimem policy show).",
        )
    kept.asks.answer(name, said, at=at)
    kept.audit.record("answer", {"ask": name, "said": said, "says": ask.says, "values": ask.values}, at=at)
    if said != "always":
        return AskAnswered(ask, said, None)
    values = {slot: ANY if slot in free else value for slot, value in ask.values.items()}
    given = kept.standing.give(
        recipe_id=ask.recipe_id, recipe=ask.recipe, step=ask.step, step_key=ask.step_key, says=ask.says,
        values=values, at=at,
    )  # fmt: skip
    kept.audit.record("standing", {"yes": given.id, "says": given.says, "values": values, "ask": name}, at=at)
    return AskAnswered(ask, said, given)


def revoke_yes(name: str, *, clock: Clock | None = None) -> Standing:
    """Takes a standing yes back; it counts no more from now on, also for runs that are under way.

    Raises:
        BadInput: there is none of this name. NotDone: it was taken back before.
    """
    at, kept = (clock or SystemClock()).now(), books()
    revoked = kept.standing.revoke(name, at=at)
    kept.audit.record("revoked", {"yes": name, "says": revoked.says}, at=at)
    return replace(revoked, revoked_at=at.isoformat())


def read_audit(*, last: int | None = None) -> AuditShown:
    """Checks the whole log and shows the end of it.

    Args:
        last: how many lines; None for all.
    """
    audited: Audited = books().audit.read()
    entries = audited.entries if last is None else audited.entries[max(0, len(audited.entries) - last) :]
    return AuditShown(entries, len(audited.entries), audited.broken)


def guarded(
    work: Work, person: Consent, *, run: str, device: Device | None = None, clock: Clock | None = None
) -> Guard:
    """The consent of one run: the owner's rules and yeses, then `person`.

    Args:
        device: whose screen is read where a rule depends on it.

    Raises:
        BadInput: the file of rules is not what it should be.
    """

    def look() -> tuple[str, ...] | None:
        return None if device is None else _shown(device)

    kept = store()
    secrets = Secrets((stored.name for stored in kept.names()), kept.reveal)
    return Guard(
        owners_policy(), person, books(), work, run=run, clock=clock or SystemClock(), look=look, mask=secrets.masked,
        stopped=lambda: told_to_stop(folders.running_folder(), run),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Awaited:
    """Nobody is at a terminal, and somebody may answer from elsewhere: a consent that waits.

    Args:
        tell: is told of each question that was stored.
    """

    wait_s: float
    tell: Callable[[Ask], None] = lambda ask: None
    clock: Clock = field(default_factory=SystemClock)

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "ask"

    def wait(self, ask: Ask, elsewhere: Callable[[], str | None]) -> str | None:
        """As `mobimem.policy.consent.ConsentThatWaits.wait`."""
        self.tell(ask)
        until_s = self.clock.monotonic_s() + self.wait_s
        while (said := elsewhere()) is None and self.clock.monotonic_s() < until_s:
            self.clock.sleep(POLL_S)
        return said


def books() -> Books:
    """What is written down about consent."""
    return Books.of(folders.policy_folder())


def _shown(device: Device) -> tuple[str, ...] | None:
    """The texts on the screen, secrets of ours as their references; None if not all of it can be read."""
    try:
        screen = Screen.of(device.read())
    except (ReadAgain, HierarchyRefused):
        return None
    if screen.truncated:
        return None
    kept = store()
    secrets = Secrets((stored.name for stored in kept.names()), kept.reveal)
    said = (text for element in screen.visible_elements() for text in (element.text, element.description) if text)
    return tuple(secrets.masked(text) for text in dict.fromkeys(said))


def _is_there() -> bool:
    file = folders.policy_folder() / RULES
    return file.exists() or file.is_symlink()
