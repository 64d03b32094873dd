"""The same page stays the same page whatever it says; another page, or a dialog over it, is another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from perception.identity import SAME_MIN, ScreenIdentity, identity, likeness, same_page
from tests.perception.pages import ALICE, BOB, CAROL, CHATS, chats, frame, node, page, row, screen

LOOK: dict[str, Any] = {"cls": "android.widget.Button", "clickable": True}
DIALOG = node(
    node(text="Delete chat?", id="alertTitle", bounds=(200, 900, 900, 1000)),
    node(text="Cancel", id="button2", bounds=(200, 1300, 500, 1400), **LOOK),
    node(text="Delete", id="button1", bounds=(600, 1300, 900, 1400), **LOOK),
    id="parentPanel", cls="android.widget.LinearLayout", bounds=(100, 800, 980, 1500),
)  # fmt: skip
STATUS_BAR = node(
    node(text="12:31", package="com.android.systemui", bounds=(0, 0, 200, 80)),
    cls="android.widget.FrameLayout", package="com.android.systemui", bounds=(0, 0, 1080, 80),
)  # fmt: skip
TOAST = node(
    node(text="Message sent", bounds=(300, 2000, 700, 2080)), cls="android.widget.Toast", bounds=(300, 2000, 700, 2080)
)
KEYBOARD = node(
    *(node(text=key, package="com.google.android.inputmethod.latin", clickable=True) for key in "qwertz"),
    cls="android.widget.FrameLayout", package="com.google.android.inputmethod.latin", bounds=(0, 1500, 1080, 2400),
)  # fmt: skip
PROFILE = page(
    frame(
        node(id="photo", cls="android.widget.ImageView", bounds=(300, 200, 780, 680)),
        node(text="Alice", id="profile_name", bounds=(200, 700, 880, 800)),
        node(text="Block", id="block", bounds=(0, 900, 1080, 1000), **LOOK),
        node(text="Mute", id="mute", bounds=(0, 1050, 1080, 1150), **LOOK),
        node(text="Media", id="media", bounds=(0, 1200, 1080, 1300), **LOOK),
    )
)


@pytest.mark.parametrize(
    "changed",
    [
        chats(row(0, "Zoe", "hm"), row(1, "Yan", "ok"), row(2, "Xaver", "no")),
        chats(ALICE, BOB, CAROL, row(3, "Dora", "Hello")),
        chats(BOB, CAROL),
        chats(ALICE, BOB, CAROL, title="Chats (3)"),
        CHATS.replace("</hierarchy>", STATUS_BAR + "</hierarchy>"),
        CHATS.replace("</hierarchy>", TOAST + "</hierarchy>"),
        CHATS.replace("</hierarchy>", KEYBOARD + "</hierarchy>"),
        CHATS.replace("com.app:id/", "com.app:id/x_"),
        CHATS.replace('selected="false"', 'selected="true"', 3),
    ],
    ids=["texts", "item more", "item less", "title", "status bar", "toast", "keyboard", "ids renamed", "state"],
)
def test_the_same_page_in_another_state_is_the_same_page(changed: str) -> None:
    assert same_page(identity(screen(CHATS)), identity(screen(changed)))


@pytest.mark.parametrize(
    "other",
    [PROFILE, chats(ALICE, BOB, CAROL, extra=DIALOG), CHATS.replace("com.app", "com.other"), page(DIALOG)],
    ids=["another page", "dialog over it", "another app", "dialog alone"],
)
def test_another_page_or_something_over_it_is_another_page(other: str) -> None:
    assert likeness(identity(screen(CHATS)), identity(screen(other))).score < SAME_MIN


def test_another_activity_is_another_page() -> None:
    one, other = (identity(screen(CHATS, package="com.app", activity=name)) for name in (".Chats", ".Archive"))

    assert not same_page(one, other)
    assert same_page(one, identity(screen(CHATS)))  # nobody told the activity: the rest decides


def test_a_keyboard_that_covers_half_of_the_page_does_not_make_it_another() -> None:
    tabs = CHATS.index('<node index="0" text="" resource-id="com.app:id/tabs"')
    covered = CHATS[:tabs] + "</node></hierarchy>"

    assert same_page(identity(screen(CHATS)), identity(screen(covered, keyboard_shown=True)))


def test_the_key_ignores_texts_and_is_stable_between_processes() -> None:
    key = identity(screen(CHATS)).key

    assert key == identity(screen(chats(row(0, "Zoe", "hm"), BOB))).key
    assert key != identity(screen(PROFILE)).key
    assert identity(screen(page(node(text="x", id="y")))).key == "e00e5623a13ef0a4b72d9d4c"


def test_an_identity_survives_json_and_is_hashable() -> None:
    one = identity(screen(CHATS))

    assert ScreenIdentity.from_data(json.loads(json.dumps(one.to_data()))) == one
    assert len({one, identity(screen(CHATS))}) == 1
