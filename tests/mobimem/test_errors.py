"""The words of errors: what they repeat of what was said stays short."""

from __future__ import annotations

from mobimem.errors import QUOTE_MAX, short_quotes


def test_a_long_quotation_is_cut_and_its_length_told() -> None:
    words = "don't buy a boat " * 6000

    for quoted in (repr(words), f"“{words}”", repr(words + '"')):
        said = short_quotes(f"it isn't so: {quoted} is not understood: 'boat' fits nothing")

        assert len(said) < QUOTE_MAX + 120
        assert f"… ({len(quoted) - 2:,} characters)" in said
        assert said.startswith("it isn't so: ")
        assert said.endswith(" is not understood: 'boat' fits nothing")


def test_short_quotations_stay_as_they_are() -> None:
    says = "'pay 3' is not understood: \"don't\" is the owner's word. Say “pay {amount}”"
    assert short_quotes(says) == says
