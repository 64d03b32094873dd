"""Healing by a picture within a run, on an app of its own: an icon that lost its id, name and place; a silent tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from device.clock import ManualClock
from device.errors import ProtectedScreen
from device.protocol import Picture, Reading
from device.virtual.app import App, Page
from device.virtual.apps.launcher import LauncherApp
from device.virtual.direct import DirectDevice
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.layout import FixedMeasure
from device.virtual.window.view import FILL, Style, View, column, icon_button, row, text
from perception.vision.image import Image
from perception.vision.reader import Line, Reader
from perception.vision.tesseract import TesseractReader
from replay.commands import Decision
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.healing import Healer, Recorded
from replay.recipe import Recipe, Step
from replay.runner import Runner, RunResult
from replay.seeing import Eyes

pytest.importorskip("cv2")

BOARD = "com.example.board"
BEFORE = (("alarm", "Wake me", "wake"), ("camera", "Take it", "take"), ("flag", "Report it", "report"))


@dataclass
class Build:
    """What this version of the app shows; the app has no other state."""

    signs: tuple[tuple[str, str, str], ...] = BEFORE
    words: str = "Start the game"
    heading: str = "Board of signs"
    hint: str = "Choose what to do"
    ids: str = ""
    signs_last: bool = False


class MainActivity(Page):
    """Signs that can be tapped and a line that tells which was."""

    said: str = "Nothing chosen yet"

    def view(self) -> View:
        signs = (
            icon_button(icon, desc, lambda icon=icon: self._choose(icon), id=view_id)  # type: ignore[misc]
            for icon, desc, view_id in BoardApp.build.signs
        )
        words, look = BoardApp.build.words, Style(text_sp=20)
        start = text(words, on_tap=lambda: self._choose("start"), id=f"start{BoardApp.build.ids}", style=look)
        heading = text(BoardApp.build.heading, id=f"heading{BoardApp.build.ids}", style=Style(text_sp=22))
        hint = text(BoardApp.build.hint, id=f"hint{BoardApp.build.ids}")
        line = row(*signs, id=f"signs{BoardApp.build.ids}", gap=40)
        parts = (heading, hint, start, line) if BoardApp.build.signs_last else (heading, hint, line, start)
        return column(*parts, width=FILL, height=FILL, gap=24)

    def _choose(self, icon: str) -> None:
        BoardApp.chosen.append(icon)
        self.host.open(".DoneActivity", said=icon)


class DoneActivity(Page):
    def view(self) -> View:
        return column(text("It was chosen", id="headline"), text("Go back to choose again", id="advice"), width=FILL)


class BoardApp(App):
    package = BOARD
    strings: ClassVar = {"en": {"app_name": "Board"}}
    build: ClassVar[Build] = Build()
    chosen: ClassVar[list[str]] = []
    pages: ClassVar[Mapping[str, type[Page]]] = {".MainActivity": MainActivity, ".DoneActivity": DoneActivity}


class Phone(DirectDevice):
    """The phone with the app. `silent`: the element tree of the first page says nothing, as a game's does."""

    def __init__(self, *, silent: bool = False) -> None:
        self.clock = ManualClock()
        config = PhoneConfig()
        self.phone = VirtualPhone(config, clock=self.clock, measure=FixedMeasure(), apps=[LauncherApp, BoardApp])
        self.silent, self.pictures, self.protected = silent, 0, False
        super().__init__(self.phone)

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        reading = super().read(timeout_s=timeout_s)
        if self.silent and reading.foreground.activity.endswith("MainActivity"):
            return replace(reading, hierarchy=_silenced(reading.hierarchy))
        return reading

    def picture(self, *, timeout_s: float = 10.0) -> Picture:
        self.pictures += 1
        if self.protected:
            raise ProtectedScreen("the window in front is secure", serial=self.serial)
        return super().picture(timeout_s=timeout_s)


def _silenced(hierarchy: str) -> str:
    """Words, ids and taps gone from the app's elements, as of what is drawn on a canvas."""

    def silent(node: re.Match[str]) -> str:
        if f'package="{BOARD}"' not in node[0]:
            return node[0]
        bare = re.sub(r'(text|content-desc|resource-id|hint)="[^"]*"', r'\1=""', node[0])
        bare = re.sub(r'(clickable|focusable)="true"', r'\1="false"', bare)
        return re.sub(r'class="[^"]*"', 'class="android.view.View"', bare)

    return re.sub(r"<node [^>]*>", silent, hierarchy)


@dataclass
class Owner:
    answer: Decision = "run"
    changed: tuple[str, ...] = ()

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return self.answer

    def decide_changed(self, step: Step, says: str, changed: str, values: Mapping[str, str]) -> Decision:
        self.changed += (changed,)
        return self.answer


class Taught:
    """The app opened and one thing touched, with the pictures of the screens."""

    def __init__(self, touched: str) -> None:
        phone = Phone()
        hand = Demonstration(phone, clock=phone.clock)
        hand.open(BOARD)
        picture = phone.picture().data
        hand.tap(touched)
        self.recipe: Recipe = distill(hand.done, recipe_id="b", name="b", task="choose", values={})
        kept = zip(self.recipe.steps, hand.done, (b"", picture), strict=True)
        self.recorded = {step.id: Recorded(one.before, one.after, {}, look) for step, one, look in kept}

    def risky(self) -> Taught:
        steps = (self.recipe.steps[0], replace(self.recipe.steps[1], side_effect="irreversible"))
        self.recipe = replace(self.recipe, steps=steps)
        return self

    def run(self, phone: Phone, owner: Any = None, reader: Reader | None = None, *, eyes: bool = True) -> RunResult:
        looking = Eyes(phone.picture, lambda: reader) if eyes else None
        healer = Healer(lambda: self.recorded, looking)
        BoardApp.chosen.clear()
        return Runner(phone, owner or Owner(), clock=phone.clock, healer=healer).run(self.recipe, {})


def why(result: RunResult) -> str:
    return f"{result.says} | {result.divergence and result.divergence.tried}"


@pytest.fixture(autouse=True)
def as_taught() -> None:
    BoardApp.build = Build()


def updated(*signs: tuple[str, str, str]) -> None:
    BoardApp.build = Build(signs=signs)


OTHERS = (("bell", "Ring", "x1"), ("star", "Keep", "x2"))


@pytest.mark.parametrize("dark", [False, True])
def test_a_sign_whose_id_name_and_place_changed_together_is_found_by_its_look(dark: bool) -> None:
    taught = Taught("Take it")
    signs = (("alarm", "Wake me", "x1"), ("camera", "Lens", "x0"), ("flag", "Report it", "x2"))
    BoardApp.build = Build(
        signs, words="Play it now", hint="What is next?", heading="Sign board", ids="_2", signs_last=True
    )
    phone = Phone()
    phone.phone.settings.put("secure", "ui_night_mode", "2" if dark else "1")

    blind = taught.run(Phone(), eyes=False)
    blindly_chosen = list(BoardApp.chosen)
    result = taught.run(phone)

    assert (blind.outcome, blindly_chosen) == ("stopped", [])
    assert (result.outcome, BoardApp.chosen) == ("done", ["camera"]), why(result)
    (target,) = (mended for mended in result.mended if mended.part == "target")
    assert (target.by, target.lasting, target.point) == (("picture",), True, None)
    assert target.element is not None and target.picture is not None


def test_the_look_alone_does_not_do_on_a_page_whose_ids_and_words_stayed() -> None:
    taught = Taught("Take it")
    updated(("camera", "Lens", "x0"), *OTHERS)  # "Delete all" may have the sign that "Delete" had

    result = taught.run(Phone())

    assert (result.outcome, BoardApp.chosen) == ("stopped", [])
    assert "its look is there, but" in why(result)


def test_no_picture_is_taken_while_the_strict_way_or_the_tree_tells() -> None:
    taught = Taught("Take it")
    strict = Phone()
    assert taught.run(strict).outcome == "done"
    updated(("alarm", "Wake me", "wake_v2"), ("camera", "Take it", "take_v2"), ("flag", "Report it", "report_v2"))
    renamed = Phone()

    assert taught.run(renamed).outcome == "done"
    assert (strict.pictures, renamed.pictures) == (0, 0)


def test_a_look_that_is_there_twice_is_not_taken() -> None:
    taught = Taught("Take it")
    updated(("camera", "Lens", "x0"), ("bell", "Ring", "x1"), ("camera", "Film", "x2"))

    result = taught.run(Phone())

    assert (result.outcome, BoardApp.chosen) == ("stopped", [])
    assert result.divergence is not None
    assert "there 2 times" in " ".join(result.divergence.tried)


def test_another_sign_is_not_taken_where_the_look_is_gone() -> None:
    taught = Taught("Take it")
    updated(("alarm", "Bell", "x0"), *OTHERS)

    result = taught.run(Phone())

    assert (result.outcome, BoardApp.chosen) == ("stopped", [])


def test_on_a_page_with_a_silent_tree_the_sign_is_tapped_where_it_is_seen() -> None:
    taught = Taught("Take it")
    updated(("camera", "Take it", "take"), *OTHERS)

    result = taught.run(Phone(silent=True))

    assert (result.outcome, BoardApp.chosen) == ("done", ["camera"]), why(result)
    assert [(mended.part, mended.by, mended.lasting) for mended in result.mended] == [
        ("after", ("picture",), False), ("target", ("picture",), False)
    ]  # fmt: skip
    assert result.mended[1].point is not None and result.mended[1].to_data()["point"]


def test_a_protected_page_gives_no_picture_and_nothing_is_touched() -> None:
    taught = Taught("Take it")
    phone = Phone(silent=True)
    phone.protected = True

    result = taught.run(phone)

    assert (result.outcome, BoardApp.chosen) == ("stopped", [])
    assert result.divergence is not None
    assert "no picture to look at" in " ".join(result.divergence.tried)


@pytest.mark.parametrize(("answer", "outcome", "chosen"), [("run", "done", ["camera"]), ("refuse", "stopped", [])])
def test_what_cannot_be_undone_is_asked_with_what_the_picture_told(
    answer: Decision, outcome: str, chosen: list[str]
) -> None:
    taught, owner = Taught("Take it").risky(), Owner(answer)

    result = taught.run(Phone(silent=True), owner)

    assert (result.outcome, BoardApp.chosen) == (outcome, chosen)
    assert [changed for changed in owner.changed if "by its picture alone" in changed] == list(owner.changed) != []


def test_who_cannot_answer_for_a_change_is_not_taken_for_a_yes() -> None:
    class Plain:
        def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
            return "run"

    result = Taught("Take it").risky().run(Phone(silent=True), Plain())

    assert (result.outcome, BoardApp.chosen) == ("asked", [])


class Reads:
    """A reader that says that these words stand where they are told to."""

    name = "script"

    def __init__(self, *lines: Line) -> None:
        self.lines = lines

    def read(self, image: Image, box: object = None) -> tuple[Line, ...]:
        return self.lines

    def release(self) -> None:
        pass


def start_line(words: str = "Start the game") -> Line:
    hand = Demonstration(phone := Phone(), clock=phone.clock)
    hand.open(BOARD)
    return Line(words, hand.find("Start the game").bounds, 0.95)


def test_words_on_a_silent_page_are_tapped_where_they_are_read() -> None:
    taught = Taught("Start the game")

    result = taught.run(Phone(silent=True), reader=Reads(start_line()))

    assert (result.outcome, BoardApp.chosen) == ("done", ["start"]), why(result)


@pytest.mark.skipif(not TesseractReader().present, reason="tesseract is not installed")
def test_tesseract_reads_them() -> None:
    result = Taught("Start the game").run(Phone(silent=True), reader=TesseractReader())

    assert (result.outcome, BoardApp.chosen) == ("done", ["start"]), why(result)


def test_other_words_or_the_same_twice_are_not_tapped() -> None:
    taught = Taught("Start the game")
    other = taught.run(Phone(silent=True), reader=Reads(start_line("Start the race")))
    chosen = list(BoardApp.chosen)
    twice = taught.run(Phone(silent=True), reader=Reads(start_line(), start_line()))

    assert (other.outcome, chosen) == ("stopped", [])
    assert (twice.outcome, BoardApp.chosen) == ("stopped", [])


def test_without_a_reader_words_are_not_found_and_that_is_said_once() -> None:
    taught = Taught("Start the game")
    eyes = Eyes((phone := Phone(silent=True)).picture)
    healer = Healer(lambda: taught.recorded, eyes)
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(BOARD)

    said = [str(healer.mend(taught.recipe, 1, "target", hand.screen, {})) for _ in range(2)]

    assert ["no reader of words" in one for one in said] == [True, False]
