"""Wallet: a balance and payments that cannot be taken back. Table `payments` (recipient, amount_cents, note, at_ms).

A payment goes over several pages - recipient, amount, note, review, receipt - as in the apps of banks. It is made by
"Pay now" on the review page and by nothing else. What was entered is forgotten when the form is left: a payment app
keeps no drafts.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from device.virtual.app import App
from device.virtual.apps import kit, times
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.words import words
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, button, checkbox, column, edges, icon_button, text

TABLE = "payments"
START_CENTS = 100_000
WHOM, AMOUNT, NOTE = ".WhomActivity", ".AmountActivity", ".NoteActivity"
REVIEW, RECEIPT = ".ReviewActivity", ".ReceiptActivity"

STRINGS = words(
    en={
        "app_name": "Wallet",
        "balance": "Balance",
        "new": "New payment",
        "empty": "Payments you make appear here",
        "whom": "To whom?",
        "recipient": "Recipient",
        "how_much": "How much?",
        "amount": "Amount",
        "what_for": "What for?",
        "note": "Note",
        "next": "Next",
        "review": "Check the payment",
        "checked": "All of this is right",
        "pay_now": "Pay now",
        "paid": "Payment made",
        "done": "Done",
        "no_recipient": "Enter a recipient",
        "no_amount": "Enter an amount such as 12.50",
        "too_much": "That is more than your balance",
        "not_checked": "Tick that all of this is right",
        "number": "Payment no. {number}",
        "help": "Help",
        "help_words": "A payment cannot be taken back once it is made.",
    },
    zh={
        "app_name": "钱包",
        "balance": "余额",
        "new": "新建一笔",
        "empty": "您的付款记录会显示在这里",
        "whom": "付给谁?",
        "recipient": "收款人",
        "how_much": "多少钱?",
        "amount": "金额",
        "what_for": "用途是什么?",
        "note": "备注",
        "next": "下一步",
        "review": "请核对",
        "checked": "以上内容无误",
        "pay_now": "立即付款",
        "paid": "付款成功",
        "done": "完成",
        "no_recipient": "请输入收款人",
        "no_amount": "请输入金额,例如 12.50",
        "too_much": "超出您的余额",
        "not_checked": "请勾选以上内容无误",
        "number": "第 {number} 笔付款",
        "help": "帮助",
        "help_words": "付款后无法撤回。",
    },
    de={
        "app_name": "Geldbörse",
        "balance": "Guthaben",
        "new": "Neue Zahlung",
        "empty": "Hier erscheinen deine Zahlungen",
        "whom": "An wen?",
        "recipient": "Empfänger",
        "how_much": "Wie viel?",
        "amount": "Betrag",
        "what_for": "Wofür?",
        "note": "Notiz",
        "next": "Weiter",
        "review": "Zahlung prüfen",
        "checked": "Das alles stimmt",
        "pay_now": "Jetzt bezahlen",
        "paid": "Zahlung ausgeführt",
        "done": "Fertig",
        "no_recipient": "Gib einen Empfänger ein",
        "no_amount": "Gib einen Betrag wie 12,50 ein",
        "too_much": "Das ist mehr als dein Guthaben",
        "not_checked": "Bestätige, dass alles stimmt",
        "number": "Zahlung Nr. {number}",
        "help": "Hilfe",
        "help_words": "Eine Zahlung lässt sich nicht zurücknehmen.",
    },
)


def cents_of(typed: str) -> int | None:
    """The amount someone typed ("12.50", "12,5", "12"), in cents; None if it is none above zero."""
    match = re.fullmatch(r"\s*(\d{1,6})(?:[.,](\d{1,2}))?\s*", typed)
    cents = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else 0
    return cents or None


def money(cents: int, locale: str) -> str:
    """An amount in euros as the language writes it."""
    sign = "," if locale.startswith("de") else "."
    return f"{cents // 100}{sign}{cents % 100:02} €"


class WalletPage(DialogPage):
    """The balance, and the payments made, the last one on top."""

    title = "app_name"

    def view(self) -> View:
        payments = self.host.store.table(TABLE).rows()
        head = column(
            text(self.t("balance"), style=Style(text_sp=14, color=kit.QUIET)),
            text(money(_left(payments), self.host.locale), id="balance", style=Style(text_sp=32, bold=True)),
            width=FILL,
            pad=edges(16),
            gap=4,
        )
        rows: View = kit.recycler([self._row(one) for one in reversed(payments)], view_id="payments", bottom_dp=88)
        body = rows if payments else kit.empty_state("cart", self.t("empty"))
        help_button = icon_button("info", self.t("help"), self._help, id="menu_help")
        new = kit.fab("add", self.t("new"), lambda: self.host.open(WHOM), words=self.t("new"), view_id="fab_new")
        return kit.screen(kit.app_bar(self.t("app_name"), help_button), head, body, fab=new)

    def _row(self, payment: Row) -> View:
        when = times.when(self.host.locale, int(payment["at_ms"]), self.host.local_time())
        words = f"{payment['note']} · {when}" if payment["note"] else when
        amount = text(money(int(payment["amount_cents"]), self.host.locale), id="payment_amount")
        return kit.list_row(str(payment["recipient"]), words, key=f"payment{payment['_id']}", trailing=amount)

    def _help(self) -> None:
        self.ask(self.t("help"), self.t("help_words"), self.t("ok"), lambda: None)


class FormPage(DialogPage):
    """One page of the form: a question, a field, and "Next". What was entered before comes with the page."""

    field: ClassVar[str]
    label: ClassVar[str]
    input: ClassVar[str] = "text"
    following: ClassVar[str]

    def created(self) -> None:
        self.typed = str(self.extras.get(self.field, ""))
        self.error = ""

    def view(self) -> View:
        bar = kit.app_bar(self.t(self.title), up=self.host.close, up_desc=self.t("up"))
        entry = kit.field(
            self.t(self.label),
            self.typed,
            self._change,
            view_id=f"edit_{self.field}",
            error=self.error,
            input=self.input,
        )
        onwards = button(self.t("next"), self._next, id="btn_next", width=FILL, margin=edges(0, 16))
        return kit.screen(bar, column(entry, onwards, width=FILL, pad=edges(16)))

    def wrong(self) -> str:
        """What is wrong with what was entered; "" if nothing is."""
        return ""

    def _change(self, typed: str) -> None:
        self.typed, self.error = typed, ""

    def _next(self) -> None:
        self.error = self.wrong()
        if not self.error:
            self.host.hide_keyboard()
            self.host.open(self.following, **{**self.extras, self.field: self.typed.strip()})


class WhomPage(FormPage):
    """Who is to get the money."""

    title, field, label, following = "whom", "recipient", "recipient", AMOUNT

    def wrong(self) -> str:
        return "" if self.typed.strip() else self.t("no_recipient")


class AmountPage(FormPage):
    """How much: a sum above zero that is still there."""

    title, field, label, following, input = "how_much", "amount", "amount", NOTE, "number"

    def wrong(self) -> str:
        cents = cents_of(self.typed)
        if cents is None:
            return self.t("no_amount")
        return self.t("too_much") if cents > _left(self.host.store.table(TABLE).rows()) else ""


class NotePage(FormPage):
    """What the money is for; may be empty."""

    title, field, label, following = "what_for", "note", "note", REVIEW


class ReviewPage(DialogPage):
    """Everything once more. Only "Pay now" pays, once, and only with the box ticked."""

    title = "review"

    def created(self) -> None:
        self.checked = False

    def view(self) -> View:
        bar = kit.app_bar(self.t("review"), up=self.host.close, up_desc=self.t("up"))
        tick = checkbox(self.checked, self._tick, text=self.t("checked"), id="check_right", width=FILL)
        pay = button(self.t("pay_now"), self._pay, id="btn_pay", width=FILL)
        lines = column(*_lines(self, self.extras), tick, pay, width=FILL, pad=edges(16), gap=8)
        return kit.screen(bar, lines)

    def _tick(self) -> None:
        self.checked = not self.checked

    def _pay(self) -> None:
        table, cents = self.host.store.table(TABLE), cents_of(str(self.extras.get("amount", "")))
        if not self.checked:
            self.host.toast(self.t("not_checked"))
        elif cents is None or not self.extras.get("recipient"):
            self.host.toast(self.t("no_amount"))
        elif cents > _left(table.rows()):
            self.host.toast(self.t("too_much"))
        else:
            number = table.insert(
                recipient=str(self.extras["recipient"]),
                amount_cents=cents,
                note=str(self.extras.get("note", "")),
                at_ms=times.to_ms(self.host.clock.now()),
            )
            for _ in range(4):  # the form: back from the receipt leads to the balance
                self.host.close()
            self.host.open(RECEIPT, number=number)


class ReceiptPage(DialogPage):
    """What was paid."""

    title = "paid"

    def view(self) -> View:
        payment = self.host.store.table(TABLE).get(int(self.extras.get("number", 0))) or {}
        given = {**payment, "amount": str(int(payment.get("amount_cents", 0)) / 100)}
        number = text(
            self.t("number", number=payment.get("_id", "–")), id="payment_number", style=Style(color=kit.QUIET)
        )
        done = button(self.t("done"), self.host.close, id="btn_done", width=FILL, margin=edges(0, 16))
        lines = column(*_lines(self, given), number, done, width=FILL, pad=edges(16), gap=8)
        return kit.screen(kit.app_bar(self.t("paid")), lines)


class WalletApp(App):
    package = "com.example.wallet"
    icon = "cart"
    version = "4.1.0"
    version_code = 410
    tables: ClassVar[tuple[str, ...]] = (TABLE,)
    pages = {  # noqa: RUF012 - declared in App
        ".MainActivity": WalletPage,
        WHOM: WhomPage,
        AMOUNT: AmountPage,
        NOTE: NotePage,
        REVIEW: ReviewPage,
        RECEIPT: ReceiptPage,
    }
    strings = STRINGS


def _left(payments: list[Row]) -> int:
    return START_CENTS - sum(int(payment["amount_cents"]) for payment in payments)


def _lines(page: DialogPage, given: dict[str, Any]) -> list[View]:
    """Recipient, amount and note, each under its name."""
    amount = money(cents_of(str(given.get("amount", ""))) or 0, page.host.locale)
    said = {"recipient": str(given.get("recipient", "")), "amount": amount, "note": str(given.get("note", ""))}
    return [
        column(
            text(page.t(key), style=Style(text_sp=12, color=kit.QUIET)),
            text(words, id=f"review_{key}", style=Style(text_sp=18)),
            key=f"{key}_line",
            width=FILL,
        )
        for key, words in said.items()
    ]
