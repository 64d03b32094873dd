from __future__ import annotations

import pytest

from device.actions import InputText, PressKey
from device.errors import ActionRefused
from replay.errors import ReplayError
from replay.secrecy import Secrets, names_in

KNOWN = {"bank": "Tr0ub4dor&3", "pin": "1"}
SECRETS = Secrets(KNOWN, KNOWN.__getitem__)


def test_only_the_typed_text_says_the_secret() -> None:
    assert SECRETS.typed(InputText("secret://bank", True)) == InputText("Tr0ub4dor&3", True)
    assert SECRETS.typed(InputText("user secret://bank!")) == InputText("user Tr0ub4dor&3!")
    assert SECRETS.typed(PressKey("home")) == PressKey("home")


def test_a_tree_says_the_reference_instead_and_nothing_else_of_it_changes() -> None:
    tree = '<node text="Tr0ub4dor&amp;3" content-desc="a &lt; b" bounds="[1,1][2,2]" />'

    assert SECRETS.masked_tree(tree) == '<node text="secret://bank" content-desc="a &lt; b" bounds="[1,1][2,2]" />'


@pytest.mark.parametrize("said", ["tr0ub4dor&3", "Tr0u b4do r&3", "x Tr0ub4dor&3 y", "Tr0u-b4do-r&3"])
def test_other_spellings_of_a_secret_are_masked_too(said: str) -> None:
    assert "secret://bank" in SECRETS.masked(said)
    assert "b4do" not in SECRETS.masked(said)


def test_a_short_secret_is_masked_only_where_it_stands_alone() -> None:
    assert SECRETS.masked("1") == "secret://pin"
    assert SECRETS.masked("10 of 11") == "10 of 11"


def test_an_error_is_cut_off_from_what_quotes_the_secret() -> None:
    try:
        raise ActionRefused("cannot type 'Tr0ub4dor&3'") from ValueError("Tr0ub4dor&3")
    except ActionRefused as error:
        SECRETS.scrub(error)
        assert "Tr0ub4dor" not in f"{error} {error.cause} {error.__cause__}"
        assert "secret://bank" in error.cause


def test_nobody_to_reveal_is_told_before_anything_is_done() -> None:
    with pytest.raises(ReplayError, match="bank"):
        Secrets(("bank",), None)


def test_the_object_shows_names_only() -> None:
    assert repr(SECRETS) == "Secrets(bank, pin)"
    assert names_in("secret://a and secret://b.c, not secret:// nor secret:///x") == ("a", "b.c")
