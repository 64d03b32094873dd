from dataclasses import dataclass, field

import pytest

from device.actions import InputText, OpenApp, PressKey, Swipe, Tap
from device.errors import ActionRefused, DeviceGone, DeviceTimeout
from device.fake import FakeDevice, FakeScreen, node, refusing, tree
from device.protocol import LockState, Touch
from tests.device.contract import DeviceContract, centre

FIELD = node(class_="android.widget.EditText", focused="true", focusable="true", bounds=(0, 100, 1080, 200))
SCREENS = {
    "home": FakeScreen(tree(node("Clock", package="com.launcher")), "com.launcher", "com.launcher.Home"),
    "list": FakeScreen(tree(node("Alice"), node("Bob", bounds=(0, 100, 1080, 200)))),
    "field": FakeScreen(tree(FIELD), keyboard_shown=True),
    "secure": FakeScreen(tree(), secure=True),
    "empty": FakeScreen(tree()),
}


def _phone() -> FakeDevice:
    phone = FakeDevice(SCREENS, showing="list", apps={"com.example.fake": "list"})
    phone.on(PressKey, leads_to="home", where=lambda action: action.key == "home")
    return phone


@dataclass
class FakeBench:
    device: FakeDevice = field(default_factory=_phone)
    app: str = "com.example.fake"
    empty: int = 0

    def show_list(self) -> None:
        self.device.show("list")

    def show_field(self) -> None:
        self.device.show("field")

    def field_text(self) -> str:
        return self.device.typed

    def entered(self) -> int:
        return sum(isinstance(action, PressKey) and action.key == "enter" for action in self.device.actions)

    def touched(self) -> int:
        return sum(hasattr(action, "at") or hasattr(action, "start") for action in self.device.actions)

    def turn(self, rotation: int) -> None:
        self.device.turn(rotation)

    def switch(self, *, on: bool, lock: LockState = "unlocked") -> None:
        self.device.screen_on, self.device.lock = on, lock

    def show_secure(self) -> None:
        self.device.show("secure")

    def empty_next(self, times: int) -> None:
        from device.errors import EmptyHierarchy

        self.device.fail_next("read", EmptyHierarchy("the element tree came back empty"))


class TestFakeDevice(DeviceContract):
    @pytest.fixture
    def bench(self) -> FakeBench:
        return FakeBench()


def test_a_tap_inside_the_box_of_a_rule_leads_on_and_one_beside_it_does_not():
    phone = _phone()
    phone.on(Tap, on="list", inside=(0, 1000, 1080, 1400), leads_to="field")
    beside, inside = centre(phone.size).__class__(5, 5, phone.size), centre(phone.size)

    phone.perform(Tap(beside))
    assert phone.showing == "list"
    phone.perform(Tap(inside))
    assert phone.showing == "field"


def test_the_latest_rule_that_fits_counts():
    phone = _phone()
    phone.on(OpenApp, leads_to="field")
    phone.on(OpenApp, leads_to="home")

    phone.perform(OpenApp("com.example.fake"))

    assert phone.showing == "home"


def test_failures_come_once_each_in_order_and_nothing_is_done():
    phone = _phone()
    phone.fail_next("perform", DeviceGone("unplugged"), DeviceTimeout("slow"))

    for error in (DeviceGone, DeviceTimeout):
        with pytest.raises(error):
            phone.perform(PressKey("back"))
    phone.perform(PressKey("back"))

    assert phone.actions == [PressKey("back")]


def test_a_screen_may_change_by_itself_and_its_field_starts_empty():
    phone = _phone()
    phone.show("field")
    phone.perform(InputText("abc"))
    phone.show("list")
    phone.show("field")

    assert phone.typed == ""


def test_an_action_can_be_refused_by_android():
    phone = _phone()
    refusing(phone, Tap)

    with pytest.raises(ActionRefused):
        phone.perform(Tap(centre(phone.size)))


def test_a_swipe_takes_its_time_on_the_devices_clock():
    phone = _phone()

    assert phone.perform(Swipe(centre(phone.size), centre(phone.size), 0.4)).duration_s == pytest.approx(0.4)


def test_the_owners_hand_is_seen_only_while_somebody_watches():
    phone = _phone()
    phone.hand = [Touch("down", 1, 2, 0.5), Touch("up", 1, 2, 9.0)]

    assert [touch.phase for touch in phone.touches(stop_after_s=1)] == ["down"]


def test_an_unknown_screen_is_named_at_once():
    with pytest.raises(ValueError, match="no screen 'nowhere'"):
        _phone().on(Tap, leads_to="nowhere")
