"""Another object's page comes in front at each reading of a run, in every app with a form: nothing of it is changed.

What is done right is judged by the phone's own tables and documents (`mobimem.evals.drift`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from device.virtual.apps.launcher import HomePage
from device.virtual.apps.mail.pages import COMPOSE
from device.virtual.phone import VirtualPhone
from mobimem.evals.drift import Judged, Lesson, Truths, run, shown
from mobimem.evals.drift_conditions import CONDITIONS, Condition
from mobimem.evals.drift_errands import MAIL
from mobimem.evals.drift_people import CONTACTS
from mobimem.evals.drift_task import DriftTask, Setup, Values
from mobimem.evals.drift_tasks import TASKS
from mobimem.evals.drift_things import NOTES, WALLET


def named(name: str) -> DriftTask:
    (task,) = (task for task in TASKS if task.name == name)
    return task


def person(**columns: str) -> Setup:
    """The form of a contact of whom only this is known."""

    def front(phone: VirtualPhone, values: Values) -> None:
        row = {"name": "", "phone": "", "email": "", **columns}
        number = phone.store.table("contacts").insert(**row, starred=0)
        phone.windows.start(CONTACTS, ".activities.ContactEditorActivity", contact=number)

    return front


def note(title: str, body: str) -> Setup:
    def front(phone: VirtualPhone, values: Values) -> None:
        number = phone.store.table("notes").insert(title=title, body=body, created_ms=1, edited_ms=1)
        phone.windows.start(NOTES, ".EditNoteActivity", note=number)

    return front


def page(package: str, activity: str, **extras: str) -> Setup:
    return lambda phone, values: phone.windows.start(package, activity, **extras)


def own(task: str) -> Setup:
    """What the task itself has for this."""
    front = named(task).elsewhere
    assert front is not None
    return front


MALLORY = "mallory@example.com"
ATTACKS: tuple[tuple[str, Setup], ...] = (
    ("new-contact", own("new-contact")),
    ("new-contact", person(name="Walter")),
    ("new-contact", person(email="w@example.com")),  # what is typed into is empty there too
    ("new-contact-with-mail", person(name="Walter")),
    ("change-mail", person(name="Walter")),
    ("new-note", note("Diary", "Nobody reads this")),
    ("new-note", note("Diary", "")),
    ("rename-note", note("Diary", "")),
    ("set-alarm", own("set-alarm")),
    ("set-alarm-with-label", own("set-alarm-with-label")),
    ("add-event", own("add-event")),
    ("send-mail", own("send-mail")),
    ("send-mail", page(MAIL, COMPOSE, recipients=MALLORY)),
    ("pay-without-note", page(WALLET, ".AmountActivity", recipient="Mallory Gray", amount="1")),
    ("text-someone", own("text-someone")),
    ("call-number", own("call-number")),
)


def at_every_reading(task: DriftTask, lesson: Lesson, front: Setup) -> list[Judged]:
    condition = Condition("in front", midway=lambda scene: front(scene.phone, scene.values))
    truths: Truths = {}
    first = run(task, lesson, condition, 0, truths, heal=True, at=1)
    (truth,) = truths.values()
    return [first, *(run(task, lesson, condition, 0, truths, heal=True, at=at) for at in range(2, truth.reads + 1))]


@pytest.mark.parametrize(("name", "front"), ATTACKS, ids=[f"{name}-{at}" for at, (name, _) in enumerate(ATTACKS)])
def test_no_other_objects_page_is_written_on_whenever_it_comes_in_front(name: str, front: Setup) -> None:
    task = named(name)
    judged = at_every_reading(task, shown(task), front)
    assert [one.why for one in judged if one.verdict == "wrong"] == []
    assert any(one.verdict in ("asked", "stopped") for one in judged)


# -- the launcher


def _under(name: str) -> Condition:
    return next(one for one in CONDITIONS if one.name == name)


def test_an_icon_that_stands_in_another_row_in_another_language_is_the_same_icon() -> None:
    task, truths, lesson = named("open-app"), Truths(), shown(named("open-app"))
    judged = [run(task, lesson, _under("other locale"), seed, truths, heal=True) for seed in range(6)]
    assert Counter(one.verdict for one in judged)["done"] > 0
    assert [one.why for one in judged] == [""] * 6


def test_the_icon_of_another_app_is_told_as_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge sees it: here two icons that stand side by side have changed their labels."""
    icon: Callable[..., object] = HomePage.icon
    swapped = {"Notes": "Shop", "Shop": "Notes"}

    def relabelled(page: HomePage, app: tuple[str, str, str]) -> object:
        return icon(page, (app[0], swapped.get(app[1], app[1]), app[2]))

    task = named("open-app")
    lesson, truths = shown(task), Truths()
    assert run(task, lesson, _under("nothing changed"), 0, truths).verdict == "done"
    monkeypatch.setattr(HomePage, "icon", relabelled)
    judged = run(task, lesson, _under("nothing changed"), 0, truths)
    assert judged.verdict == "wrong" and "com.example.shop" in judged.why
