"""A step that was swallowed by what came up between the look and the tap: done once more, once, and only where safe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from device.actions import Action, InputText, Key, PressKey, Tap
from device.protocol import Performed
from perception.screen import Screen, parse_hierarchy
from replay.checks import Changed, Check, Says
from replay.commands import Act, Detour, Limits, Rest
from replay.player import Player
from replay.recipe import Recipe, SideEffect
from replay.runner import Runner
from replay.trace import Header, Note, StepDone
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.replay.bench import ALICE, ASKED, CLOCK, MESSAGES, Owner, Phone, text_someone
from tests.replay.test_player import SIZE, driven, hierarchy_of_popup, page, tapping

PERMISSION = "android.permission.RECORD_AUDIO"
CHANGES: tuple[Check, ...] = (Changed(),)


class Ambush(Phone):
    """A phone on which something comes up just before the given act (from 1) reaches it."""

    def __init__(self, at_act: int, comes_up: Callable[[Phone], object], *, times: int = 1) -> None:
        super().__init__()
        self.at_acts, self.comes_up, self.acts = range(at_act, at_act + times), comes_up, 0

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        self.acts += 1
        if self.acts in self.at_acts:
            self.comes_up(self)
        return super().perform(action, timeout_s=timeout_s)

    def press(self, *keys: Key) -> None:
        for key in keys:
            self.perform(PressKey(key))


def permission(phone: Phone) -> None:
    phone.phone.faults.permission_dialog(PERMISSION, MESSAGES)


def popup_screen() -> Screen:
    return parse_hierarchy(hierarchy_of_popup(), size=SIZE, package="com.app")


def swallowed(recipe: Recipe, *, then: Callable[[int], Screen] = lambda acts: page()) -> tuple[list[object], object]:
    """Plays it where a pop-up comes up at the first act; once that is put off, `then` is seen."""
    commands, stop = driven(
        Player(recipe, {}), lambda acts: page() if not acts else popup_screen() if acts == 1 else then(acts)
    )
    return list(commands), stop


def acts(commands: list[object]) -> list[Act]:
    return [command for command in commands if isinstance(command, Act)]


def test_a_tap_that_a_popup_swallowed_is_done_once_more() -> None:
    commands, stop = swallowed(tapping(after=CHANGES), then=lambda done: page("New") if done > 2 else page())
    assert getattr(stop, "outcome", "") == "done"
    first, second = acts(commands)
    assert (first.action, first.again) == (second.action, "")
    assert "Enjoying App?" in second.again and second.again in second.reasons
    assert [type(one) for one in commands if isinstance(one, Act | Detour)] == [Act, Detour, Act]


def test_it_is_done_once_more_only_after_the_page_has_rested_unchanged() -> None:
    commands, _ = swallowed(tapping(after=CHANGES), then=lambda done: page("New") if done > 2 else page())
    at = commands.index(acts(commands)[1])
    rested_s = sum(one.duration_s for one in commands[:at] if isinstance(one, Rest))
    assert rested_s >= Limits().settle_s


def test_a_step_that_is_swallowed_twice_stops_the_run() -> None:
    commands, stop = swallowed(tapping(after=CHANGES))
    assert len(acts(commands)) == 2
    assert getattr(stop, "outcome", "") == "stopped"
    assert any("once more" in tried for tried in stop.divergence.tried)  # type: ignore[attr-defined]


def test_an_irreversible_step_is_never_done_once_more() -> None:
    recipe = tapping(side_effect="irreversible", after=CHANGES)
    player = Player(recipe, {})
    player._now.allowed = True
    commands, stop = driven(player, lambda acts: page() if acts != 1 else popup_screen())
    assert len(acts(list(commands))) == 1
    assert stop.outcome == "asked" and "it was done, and what it should lead to is not seen" in stop.says


@pytest.mark.parametrize(("side_effect", "outcome"), [("reversible", "stopped"), ("irreversible", "asked")])
def test_a_step_without_a_check_is_neither_repeated_nor_called_done(side_effect: SideEffect, outcome: str) -> None:
    player = Player(tapping(side_effect=side_effect), {})
    player._now.allowed = True
    commands, stop = driven(player, lambda acts: page() if acts != 1 else popup_screen())
    assert len(acts(list(commands))) == 1
    assert stop.outcome == outcome and "swallowed by what came up then" in stop.says


def test_a_page_that_is_not_as_before_is_not_tapped_again() -> None:
    recipe = tapping(after=(Says("Sent"),))
    commands, stop = swallowed(recipe, then=lambda done: page("Loading"))
    assert len(acts(commands)) == 1 and getattr(stop, "outcome", "") == "stopped"


def test_with_nothing_in_between_a_tap_without_effect_is_not_repeated() -> None:
    commands, stop = driven(Player(tapping(after=CHANGES), {}), lambda acts: page())
    assert len(acts(list(commands))) == 1 and stop.outcome == "stopped"


# -- on the virtual phone


@pytest.mark.parametrize("at_act", [3, 4])
def test_a_task_goes_on_when_a_permission_request_swallows_a_tap(at_act: int, tmp_path: Path) -> None:
    """Acts: 1 opens the app, 2 starts a chat, 3 taps the contact, 4 the field."""
    phone = Ambush(at_act, permission)
    header = Header(trace_id="r", name="text", task="", source="run", device={}, started_at="", values=ASKED)
    with TraceWriter(tmp_path / "trace", header) as journal:
        result = Runner(phone, Owner(), clock=phone.clock).run(text_someone(), ASKED, journal)
        journal.end(result.outcome, "", "")
    assert (result.outcome, phone.sent()) == ("done", [(ALICE, ASKED["message"])])
    retries = [one for one in read_trace(tmp_path / "trace").events if isinstance(one, Note) and one.topic == "retry"]
    assert [note.data["index"] for note in retries] == [at_act - 1]
    assert "once more" in retries[0].says


def test_the_step_that_was_done_once_more_says_so_in_the_journal(tmp_path: Path) -> None:
    phone = Ambush(3, permission)
    header = Header(trace_id="r", name="text", task="", source="run", device={}, started_at="", values=ASKED)
    with TraceWriter(tmp_path / "trace", header) as journal:
        Runner(phone, Owner(), clock=phone.clock).run(text_someone(), ASKED, journal)
    steps = [one for one in read_trace(tmp_path / "trace").events if isinstance(one, StepDone)]
    assert [any("once more" in reason for reason in one.reasons) for one in steps] == [False, False, True, False, False]


def test_a_message_whose_send_was_swallowed_is_not_sent_again_and_the_owner_is_asked() -> None:
    quiet = Phone()
    assert quiet.run(text_someone(), ASKED).outcome == "done"
    phone = Ambush(len(quiet.done), permission)  # the last act sends
    result = phone.run(text_someone(), ASKED)
    assert (result.outcome, phone.sent()) == ("asked", [])
    assert sum(isinstance(action, Tap) for action in phone.done) == quiet.taps + 1  # the one that denied


def test_the_same_words_sent_before_are_no_proof_that_they_were_sent_now() -> None:
    phone = Ambush(0, permission)
    assert phone.run(text_someone(), ASKED).outcome == "done"
    phone.press("back", "back", "back")
    before, sent, recipe = phone.acts, phone.sent(), text_someone()
    quiet = Ambush(0, permission)
    quiet.run(recipe, ASKED)
    quiet.press("back", "back", "back")
    first = quiet.acts
    quiet.run(recipe, ASKED)
    phone.at_acts = range(before + quiet.acts - first, before + quiet.acts - first + 1)
    assert (phone.run(recipe, ASKED).outcome, phone.sent()) == ("asked", sent)


def test_a_text_of_which_nothing_arrived_is_typed_again() -> None:
    class Deaf(Phone):
        lost = 0

        def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
            if isinstance(action, InputText) and not self.lost:
                self.lost += 1
                return Performed(action, self.clock.now(), 0.0)
            return super().perform(action, timeout_s=timeout_s)

    phone = Deaf()
    result = phone.run(text_someone(), ASKED)
    assert (result.outcome, phone.sent(), phone.lost) == ("done", [(ALICE, ASKED["message"])], 1)


def test_a_switch_is_tapped_once_more_only_while_it_does_not_stand_right() -> None:
    def act(hand: object) -> None:
        hand.open(CLOCK)  # type: ignore[attr-defined]
        hand.tap("Add alarm")  # type: ignore[attr-defined]
        hand.tap("Mon")  # type: ignore[attr-defined]

    recipe = Phone().show("monday", {}, act)
    quiet = Phone()
    assert quiet.run(recipe).outcome == "done"
    phone = Ambush(3, lambda phone: phone.phone.faults.permission_dialog(PERMISSION, CLOCK))
    result = phone.run(recipe)
    assert result.outcome == "done" and phone.taps == quiet.taps + 2  # one that denied, one once more
    assert [one.result for one in result.progress] == ["done", "done", "done"]


def test_a_popup_over_the_page_is_no_effect_of_the_step() -> None:
    """The page says what it said before, and only the pop-up is new: the tap is done once more, not called done."""
    commands, _ = swallowed(tapping(after=CHANGES), then=lambda done: page("New") if done > 2 else page())
    assert len(acts(commands)) == 2
