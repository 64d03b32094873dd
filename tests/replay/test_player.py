"""The player as a state machine: observations in, commands out, no device, no clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from device.actions import PressKey, Size, Tap
from device.errors import StaleCoordinates
from device.fake import FakeDevice, FakeScreen, node, tree
from perception.screen import Screen, parse_hierarchy
from perception.selector import make_selector
from replay.checks import Changed, Check, Says
from replay.commands import (
    Act,
    Acted,
    ActFailed,
    Begin,
    Command,
    Dark,
    Detour,
    Limits,
    Read,
    Rest,
    Rested,
    Saw,
    Stop,
)
from replay.player import Player
from replay.recipe import Recipe, SideEffect, Step, TapOn, from_data, to_data
from replay.runner import Runner
from replay.trace import Header, Note
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.replay.bench import Owner

SIZE = Size(1000, 2000)
WORDS = ("Inbox", "Archive", "Settings", "Help", "About", "Account")


def page(*changed: str, words: tuple[str, ...] = WORDS, extra: str = "", **attributes: str) -> Screen:
    """A page of buttons; `attributes` are of the first one."""
    return parse_hierarchy(hierarchy(*changed, words=words, extra=extra, **attributes), size=SIZE, package="com.app")


def hierarchy(*changed: str, words: tuple[str, ...] = WORDS, extra: str = "", **attributes: str) -> str:
    parts = []
    for place, says in enumerate((*words, *changed)):
        given = attributes if not place else {}
        entry = says.lower().replace(" ", "_")
        look = {"clickable": "true", "resource_id": f"com.app:id/{entry}", "package": "com.app"} | given
        parts.append(node(says, bounds=(0, 100 + 150 * place, 1000, 220 + 150 * place), **look))
    whole = node(bounds=(0, 0, 1000, 2000), package="com.app", _class="android.widget.FrameLayout")
    return tree(whole.replace(" />", f">{''.join(parts)}</node>"), extra)


def tapping(says: str = "Inbox", *, side_effect: SideEffect = "reversible", after: tuple[Check, ...] = ()) -> Recipe:
    shown = page()
    target = make_selector(shown, next(element for element in shown.elements if element.text == says))
    step = Step(id="s1", says=f"Tap {says!r}", move=TapOn(target), side_effect=side_effect, after=after)
    return Recipe(id="r", name="r", task="t", steps=(step,))


def driven(player: Player, see: Callable[[int], Screen], *, most: int = 400) -> tuple[list[Command], Stop]:
    """Drives the player: each reading gives what `see` returns for the number of acts so far."""
    commands: list[Command] = []
    at_s, acts = 0.0, 0
    command = player.next(Begin())
    while not isinstance(command, Stop):
        assert len(commands) < most
        commands.append(command)
        match command:
            case Read():
                command = player.next(Saw(see(acts), at_s))
            case Act() | Detour():
                acts += 1
                command = player.next(Acted(at_s))
            case Rest(duration_s):
                at_s += duration_s
                command = player.next(Rested(at_s))
            case _:
                raise AssertionError(command)
    return commands, command


def test_a_step_is_one_reading_one_act_and_one_reading_when_nothing_is_slow() -> None:
    commands, stop = driven(Player(tapping(), {}), lambda acts: page("New") if acts else page())
    assert [type(command) for command in commands] == [Read, Act, Read]
    assert stop.outcome == "done"


def test_a_disabled_target_is_waited_for() -> None:
    seen = iter([True] * 5)
    commands, stop = driven(
        Player(tapping(), {}),
        lambda acts: page("New") if acts else page(enabled="false") if next(seen, False) else page(),
    )
    assert stop.outcome == "done"
    assert [type(command) for command in commands].index(Act) > 5


def test_a_target_that_stays_disabled_stops_the_run_and_is_not_tapped() -> None:
    commands, stop = driven(Player(tapping(), {}), lambda acts: page(enabled="false"))
    assert stop.outcome == "stopped" and "disabled" in stop.says
    assert not any(isinstance(command, Act) for command in commands)


def test_a_tap_after_which_nothing_changes_is_waited_out_and_done_once() -> None:
    commands, stop = driven(Player(tapping(), {}), lambda acts: page())
    assert stop.outcome == "done"
    assert sum(isinstance(command, Act) for command in commands) == 1
    assert sum(isinstance(command, Rest) for command in commands) >= 10


def test_a_tap_that_has_to_change_something_and_does_not_stops_the_run() -> None:
    commands, stop = driven(Player(tapping(after=(Changed(),)), {}), lambda acts: page())
    assert stop.outcome == "stopped" and "nothing has changed" in stop.says
    assert sum(isinstance(command, Act) for command in commands) == 1
    assert (
        driven(Player(tapping(after=(Changed(),)), {}), lambda acts: page("New") if acts else page())[1].outcome
        == "done"
    )


def test_the_check_that_something_changes_survives_json() -> None:
    recipe = tapping(after=(Changed(), Says("Sent", "status", whole=True)))
    assert from_data(to_data(recipe)) == recipe


def test_a_missing_target_is_described_by_what_came_closest_and_what_was_wanted() -> None:
    renamed = (*("Post", "Archive", "Settings", "Help", "About", "Account"),)
    _, stop = driven(Player(tapping(), {}), lambda acts: page(words=renamed))
    assert stop.outcome == "stopped" and stop.divergence is not None
    data = stop.divergence.to_data()
    assert (data["wanted"], data["expected"], data["step_id"]) == ("Inbox", "target", "s1")
    assert data["closest"] is None or data["closest"]["evidence"]


def test_a_keyboard_over_the_target_is_hidden_before_it_is_tapped() -> None:
    keyboard = node(bounds=(0, 50, 1000, 2000), package="com.android.inputmethod.latin")

    def see(acts: int) -> Screen:
        if acts:
            return page("New") if acts > 1 else page()
        return parse_hierarchy(hierarchy(extra=keyboard), size=SIZE, package="com.app", keyboard_shown=True)

    commands, stop = driven(Player(tapping(), {}), see)
    acts = [command for command in commands if isinstance(command, Act | Detour)]
    assert [type(command) for command in acts] == [Detour, Act]
    assert isinstance(acts[0], Detour) and (acts[0].kind, acts[0].action) == ("keyboard", PressKey("back"))
    assert stop.outcome == "done"


def test_a_notification_over_the_target_is_waited_for() -> None:
    banner = node("call me", bounds=(0, 0, 1000, 300), package="com.android.systemui")
    seen = iter([True] * 10)
    commands, stop = driven(
        Player(tapping(), {}),
        lambda acts: page("New") if acts else page(extra=banner) if next(seen, False) else page(),
    )
    assert stop.outcome == "done"
    act = next(command for command in commands if isinstance(command, Act))
    assert isinstance(act.action, Tap)
    assert sum(isinstance(command, Rest) for command in commands) >= 10


def test_a_dark_screen_is_woken_a_bounded_number_of_times() -> None:
    player = Player(tapping(), {})
    command, at_s, detours = player.next(Begin()), 0.0, 0
    while not isinstance(command, Stop):
        detours += isinstance(command, Detour)
        at_s += 0.1
        command = player.next(Dark(SIZE, False, "swipe", at_s) if isinstance(command, Read) else Acted(at_s))
    assert detours == Limits().detours and command.outcome == "stopped"


def test_a_screen_that_cannot_be_read_stops_the_run() -> None:
    player = Player(tapping(), {})
    player.next(Begin())
    stop = player.next(ActFailed("the screen cannot be read", unclear=False, again=False, at_s=0.0))
    assert isinstance(stop, Stop) and stop.outcome == "stopped"


@pytest.mark.parametrize("side_effect", ["reversible", "irreversible"])
def test_an_act_that_never_reaches_the_phone_is_tried_a_bounded_number_of_times(side_effect: SideEffect) -> None:
    device = FakeDevice({"list": FakeScreen(hierarchy(), "com.app")}, size=SIZE)
    device.fail_next("perform", *[StaleCoordinates("turned")] * 50)
    result = Runner(device, Owner(), clock=device.clock).run(tapping(side_effect=side_effect), {})
    assert result.outcome == "stopped" and result.acts < 10 and device.actions == []


def test_each_detour_and_the_divergence_are_in_the_journal(tmp_path: Path) -> None:
    popup = hierarchy_of_popup()
    device = FakeDevice(
        {"popup": FakeScreen(popup, "com.app"), "other": FakeScreen(hierarchy(words=WORDS[1:]), "com.app")}, size=SIZE
    )
    device.on(Tap, on="popup", leads_to="other")
    header = Header(trace_id="t", name="t", task="t", source="run", device={}, started_at="2026-01-01T00:00:00+00:00")
    with TraceWriter(tmp_path / "run", header) as journal:
        result = Runner(device, Owner(), clock=device.clock).run(tapping(), {}, journal)
    notes = {event.topic: event for event in read_trace(tmp_path / "run").events if isinstance(event, Note)}
    assert result.outcome == "stopped" and [detour.kind for detour in result.detours] == ["popup"]
    assert notes["interruption"].data["kind"] == "popup"
    assert notes["divergence"].data["wanted"] == "Inbox"
    assert notes["divergence"].data["tried"] == ["'Enjoying App?' was put off"]


def hierarchy_of_popup() -> str:
    title = node("Enjoying App?", bounds=(200, 700, 800, 800), package="com.app")
    later = node("Not now", bounds=(200, 900, 800, 1000), clickable="true", package="com.app")
    return tree(node(bounds=(100, 600, 900, 1400), package="com.app").replace(" />", f">{title}{later}</node>"))
