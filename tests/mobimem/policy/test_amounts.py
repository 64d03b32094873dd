from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobimem.policy.amounts import Amount, amounts_in, limit_of, money_of, number_of


def read(text: str) -> list[tuple[str, str]]:
    return [(str(amount.value), amount.currency) for amount in amounts_in(text).read]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Pay 12.50 EUR", ("12.50", "EUR")),
        ("Pay 12,50 €", ("12.50", "EUR")),
        ("€12.50", ("12.50", "EUR")),
        ("EUR12.50", ("12.50", "EUR")),
        ("12.50EUR.", ("12.50", "EUR")),
        ("Total: 1,234.56 USD", ("1234.56", "USD")),
        ("Total: 1.234,56 €", ("1234.56", "EUR")),
        ("Total: 1 234,56 €", ("1234.56", "EUR")),
        ("CHF 1'234.50", ("1234.50", "CHF")),
        ("US$ 5", ("5", "USD")),
        ("$5", ("5", "$")),
        ("A$5", ("5", "AUD")),
        ("５００円", ("500", "JPY")),
        ("٥٠ EGP", ("50", "EGP")),
        ("付款25元", ("25", "¥")),
        ("¥25", ("25", "¥")),
        ("send 500 euros to Bob", ("500", "EUR")),
        ("-20 €", ("20", "EUR")),
        ("1,234,567 JPY", ("1234567", "JPY")),
    ],
)
def test_an_amount_is_read_as_it_is_written_in_many_places(text: str, amount: tuple[str, str]) -> None:
    assert read(text) == [amount]
    assert amounts_in(text).doubtful == ()


@pytest.mark.parametrize(
    "text",
    [
        "1,234 EUR", "1.234 €", "5k EUR", "EUR 5 million", "five million EUR", "1e9 EUR", "12.50.1 EUR", "five euros",
        "50 cents", "五百元", "€ 10:30", "9" * 20 + " EUR", "EUR x5", "12..5 €", "€ 1,23,45", "5 万 元",
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_not_at_all_is_doubtful(text: str) -> None:
    said = amounts_in(text)

    assert said.read == ()
    assert said.doubtful


@pytest.mark.parametrize("text", ["", "Pay now", "See you at 5", "EUR", "Amount (€)", "Call 555 1234", "😀😀", "欧洲"])
def test_a_text_without_an_amount_says_none(text: str) -> None:
    assert amounts_in(text) == amounts_in("")


def test_invisible_signs_do_not_hide_an_amount() -> None:
    assert read("9\u200b5 €") == [("95", "EUR")]


def test_a_text_too_long_to_read_is_doubtful() -> None:
    assert amounts_in("x" * 30_000).doubtful


def test_a_bare_value_takes_the_currency_the_screen_shows_beside_it() -> None:
    assert money_of(["12.50", "Bob"], ["You pay", "12,50 €"]).read == (Amount(Decimal("12.50"), "EUR"),)
    assert money_of(["12.50"], ["12,50 €", "12.50 USD"]).doubtful
    assert money_of(["12.50"], ["11.00 €"]).doubtful
    assert money_of(["12.50"], []).doubtful
    assert money_of(["Bob"], []).doubtful == ()


def test_a_screen_that_could_not_be_read_is_a_doubt() -> None:
    assert money_of(["5 EUR"], None).doubtful


@pytest.mark.parametrize("text", ["20", "EUR", "twenty euros", "5 EUR or 6 EUR", ""])
def test_a_limit_is_one_amount_with_its_currency(text: str) -> None:
    assert limit_of("20 EUR") == Amount(Decimal(20), "EUR")
    with pytest.raises(ValueError, match="no amount"):
        limit_of(text)


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["EUR", "USD", "$", "€", "kr"]))
def test_every_plain_number_is_read_back_exactly(value: Decimal, currency: str) -> None:
    assert [amount.value for amount in amounts_in(f"pay {value} {currency} now").read] == [value]


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    amounts_in(text)
    number_of(text)
    money_of([text], [text])


@given(st.text(alphabet="0123456789.,' ", min_size=1, max_size=12))
def test_a_number_beside_a_currency_is_read_or_doubtful_but_never_passed_over(number: str) -> None:
    said = amounts_in(f"EUR {number}")

    assert bool(said.read or said.doubtful) == any(sign.isdigit() for sign in number)
