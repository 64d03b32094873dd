"""What the virtual phone's apps say on controls that send, order, cancel or delete, in each language, and on others."""

from __future__ import annotations

import pytest

from device.virtual.app import App
from device.virtual.apps.calendar import CalendarApp
from device.virtual.apps.food import FoodApp
from device.virtual.apps.mail import MailApp
from device.virtual.apps.shop import ShopApp
from replay.side_effects import side_effect_of

LANGUAGES = ("en", "zh", "de")
ACTS = (
    (MailApp, ("send", "reply", "forward", "delete", "delete_forever", "empty_trash", "discard_draft")),
    (CalendarApp, ("invite", "delete", "delete_event")),
    (ShopApp, ("checkout", "place_order", "cancel_order", "remove_line")),
    (FoodApp, ("place_order", "remove_line")),
)
HARMLESS = (
    (MailApp, (("archive", "archive"), ("mark_unread", "inside_conversation_unread"), ("compose", "compose_button"),
               ("add_star", "star"), ("undo", "snackbar_action"), ("folder_sent", "title"))),
    (CalendarApp, (("save", "action_done"), ("new_event", "floating_action_button"), ("invite_later", "button2"),
                   ("next_day", "next_day"), ("reminder", "reminder"))),
    (ShopApp, (("add_to_cart", "add_to_cart"), ("orders", "menu_history"), ("again", "btn_again"),
               ("more_of", "quantity_more"), ("books", ""), ("keep_order", "button2"), ("retry", "retry_button"))),
    (FoodApp, (("add_to_basket", "add_to_basket"), ("again", "btn_again"), ("history", "menu_history"),
               ("asap", "option_title"), ("add_address", "add_address"), ("new_basket", "button1"))),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("app", "key"), [(app, key) for app, keys in ACTS for key in keys])
def test_what_reaches_other_people_money_or_data_is_irreversible(app: type[App], key: str, language: str) -> None:
    assert side_effect_of([app.strings[language][key]]) == "irreversible"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("app", "key", "entry"), [(app, key, entry) for app, keys in HARMLESS for key, entry in keys])
def test_what_can_be_taken_back_is_not(app: type[App], key: str, entry: str, language: str) -> None:
    assert side_effect_of([app.strings[language][key]], entry=entry) == "reversible"
