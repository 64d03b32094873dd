import re

from device import errors
from device.errors import DeviceError, DeviceGone


def _tree(cls: type) -> dict[str, str]:
    found = {}
    for sub in cls.__subclasses__():
        if sub.__module__ == errors.__name__:
            found[sub.__name__] = cls.__name__
            found |= _tree(sub)
    return found


def test_the_drawing_at_the_top_of_the_module_is_the_tree_of_classes():
    drawn: dict[str, str] = {}
    path = ["DeviceError"]
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"^    ((?:\|   |    )*)\+-- (\w+)", line):
            depth = len(match[1]) // 4 + 1
            path[depth:] = [match[2]]
            drawn[match[2]] = path[depth - 1]

    assert drawn == _tree(DeviceError)


def test_an_error_says_which_device_what_happened_and_what_to_do():
    error = DeviceGone("adb lists no such device", serial="emulator-5554")

    assert str(error).startswith("[emulator-5554] adb lists no such device. ")
    assert error.next_step in str(error)
    assert "mobimem devices" in error.next_step


def test_the_next_step_can_be_made_more_precise_where_it_is_known():
    error = DeviceGone("gone", next_step="Plug it in again.")

    assert str(error) == "gone. Plug it in again."
