import dataclasses
import typing

import pytest

from device import actions
from device.actions import Action, Answer, Finish, InputText, OpenApp, Point, PressKey, Scroll, Size, Swipe, Tap, Wait

SIZE = Size(1080, 2400)
AT = Point(10, 20, SIZE)

EXAMPLES: list[Action] = [
    Tap(AT),
    actions.DoubleTap(AT),
    actions.LongPress(AT, 1.2),
    Swipe(AT, Point(10, 900, SIZE), 0.2),
    Scroll("down", Point(0, 100, SIZE), Point(1079, 2000, SIZE), 0.5),
    InputText("晚点到 🚗", replace=True),
    PressKey("back"),
    OpenApp("com.android.messaging", ".MainActivity"),
    Wait(0.5),
    Answer("It is 21 °C"),
    Finish(success=False, reason="no such contact"),
]


def test_every_action_type_has_a_name_and_an_example():
    assert set(typing.get_args(Action)) == set(actions.ACTION_NAMES) == {type(e) for e in EXAMPLES}


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda a: type(a).__name__)
def test_an_action_survives_the_way_to_plain_data_and_back(action):
    data = actions.to_dict(action)

    assert isinstance(data["action"], str)
    assert actions.from_dict(data) == action


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda a: type(a).__name__)
def test_an_action_cannot_be_changed(action):
    name = dataclasses.fields(action)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(action, name, None)


@pytest.mark.parametrize("x_px, y_px", [(-1, 5), (1080, 5), (5, 2400), (5, -1)])
def test_a_point_outside_the_screen_it_was_measured_on_is_refused(x_px, y_px):
    with pytest.raises(ValueError, match="outside the 1080 x 2400 px screen"):
        Point(x_px, y_px, SIZE)


@pytest.mark.parametrize(
    "data, says",
    [
        ({"action": "fly"}, "unknown action 'fly'"),
        ({}, "unknown action None"),
        ({"action": "tap", "at": {"x_px": 1}}, "not a point"),
        ({"action": "press_key", "key": "back", "force": 3}, "press_key: .*force"),
    ],
)
def test_data_that_is_no_action_is_refused_with_what_is_wrong(data, says):
    with pytest.raises(ValueError, match=says):
        actions.from_dict(data)


@pytest.mark.parametrize("share", [0, -0.5, 1.5])
def test_a_scroll_by_no_part_or_more_than_its_box_is_refused(share):
    with pytest.raises(ValueError, match="share"):
        Scroll("up", AT, AT, share)
