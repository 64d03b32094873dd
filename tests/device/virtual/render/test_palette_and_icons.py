import re

import pytest

from device.virtual.render.icons import ICONS, UnknownIcon, icon_mask
from device.virtual.render.palette import NAMES, UnknownColour, colour, is_light, mix

PROMISED = re.findall(
    r"\w+",
    """
    back menu more search add close check edit delete send call sms person people settings wifi bluetooth airplane
    battery bell clock alarm timer note star heart mail calendar cart food camera image play pause home lock volume
    sun moon app location info warning mic emoji attach share refresh filter sort flag folder file globe key
    """,
)


def test_roles_differ_between_light_and_dark():
    assert is_light(colour("surface", False))
    assert not is_light(colour("surface", True))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("role", sorted(name[3:] for name in NAMES if name.startswith("on_") and name[3:] in NAMES))
def test_text_can_be_read_on_every_role(role: str, dark: bool):
    assert _contrast(colour(role, dark), colour(f"on_{role}", dark)) >= 4.5  # WCAG AA


def test_a_colour_may_be_given_as_six_hex_digits():
    assert colour("#0a80ff", True) == (10, 128, 255)


@pytest.mark.parametrize(("name", "hint"), [("primry", "did you mean 'primary'"), ("#12345", "the theme has")])
def test_an_unknown_colour_is_refused_with_a_hint(name: str, hint: str):
    with pytest.raises(UnknownColour, match=hint):
        colour(name, False)


def test_mixing_goes_from_the_lower_to_the_upper_colour():
    assert mix((0, 0, 0), (200, 100, 50), 0.0) == (0, 0, 0)
    assert mix((0, 0, 0), (200, 100, 50), 0.5) == (100, 50, 25)


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_icon_draws_something_that_stays_inside(name: str):
    mask = icon_mask(name, 48)

    assert mask.size == (48, 48)
    ink = sum(mask.tobytes()) / 255 / (48 * 48)
    assert 0.02 < ink < 0.75


def test_no_two_icons_look_the_same():
    assert len({icon_mask(name, 48).tobytes() for name in ICONS}) == len(ICONS)


@pytest.mark.parametrize("size", [1, 7, 24, 300])
def test_icons_are_drawn_at_any_size_and_anti_aliased(size: int):
    mask = icon_mask("star", size)

    assert mask.size == (size, size)
    assert size < 7 or any(0 < value < 255 for value in mask.tobytes())


def test_an_unknown_icon_is_refused():
    with pytest.raises(UnknownIcon, match="no icon 'unicorn'"):
        icon_mask("unicorn", 24)


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in value]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
