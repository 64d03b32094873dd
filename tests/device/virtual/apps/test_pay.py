from __future__ import annotations

import pytest

from device.virtual.apps.pay import cents_of, money
from tests.device.virtual.apps.hand import Hand

WALLET = "com.example.wallet"


def fill_in(hand: Hand, recipient: str = "Alice", amount: str = "12.50", note: str = "Lunch") -> None:
    hand.open(WALLET).tap("New payment").type("Recipient", recipient).tap("Next")
    hand.type("Amount", amount).tap("Next").type("Note", note).tap("Next")


def test_a_fresh_wallet_has_its_balance_and_no_payments(hand: Hand) -> None:
    hand.open(WALLET)

    assert hand.sees("1000.00 €")
    assert hand.sees("Payments you make appear here")


def test_a_payment_is_in_the_table_on_the_receipt_and_off_the_balance(hand: Hand) -> None:
    fill_in(hand)
    hand.tap("check_right").tap("Pay now")

    assert hand.sees("Payment made")
    assert hand.sees("12.50 €")
    [payment] = hand.rows("payments")
    assert (payment["recipient"], payment["amount_cents"], payment["note"]) == ("Alice", 1250, "Lunch")
    hand.tap("Done")
    assert hand.sees("987.50 €")
    assert hand.sees("Alice")


def test_nothing_is_paid_before_pay_now(hand: Hand) -> None:
    fill_in(hand)
    hand.tap("check_right").back()

    assert hand.rows("payments") == []


def test_the_box_has_to_be_ticked(hand: Hand) -> None:
    fill_in(hand)
    hand.tap("Pay now")

    assert hand.toast() == "Tick that all of this is right"
    assert hand.rows("payments") == []


def test_back_from_the_receipt_leads_to_the_balance_and_not_into_the_form(hand: Hand) -> None:
    fill_in(hand)
    hand.tap("check_right").tap("Pay now").back()

    assert hand.sees("987.50 €")
    assert len(hand.rows("payments")) == 1


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Enter an amount such as 12.50"), ("2000", "That is more than your balance")]
)
def test_an_amount_that_cannot_be_paid_is_refused_on_its_page(hand: Hand, typed: str, said: str) -> None:
    hand.open(WALLET).tap("New payment").type("Recipient", "Alice").tap("Next")
    if typed:
        hand.type("Amount", typed)
    hand.tap("Next")

    assert hand.sees(said)
    assert hand.sees("How much?")


def test_a_killed_form_keeps_no_draft(hand: Hand) -> None:
    hand.open(WALLET).tap("New payment").type("Recipient", "Alice")
    hand.windows.force_stop(WALLET)

    hand.open(WALLET).tap("New payment")
    assert hand.view("edit_recipient").text == ""


@pytest.mark.parametrize(
    ("typed", "cents"), [("12.50", 1250), ("12,5", 1250), ("7", 700), ("0", None), ("-3", None), ("1.234", None)]
)
def test_amounts_are_read_as_people_write_them(typed: str, cents: int | None) -> None:
    assert cents_of(typed) == cents


def test_money_is_written_as_the_language_does() -> None:
    assert money(1205, "en") == "12.05 €"
    assert money(1205, "de") == "12,05 €"
