"""Food: the basket with all that an order needs, and the page that says thank you. Only "Place order" orders."""

from __future__ import annotations

from device.virtual.apps import kit
from device.virtual.apps.food import basket
from device.virtual.apps.food.basket import ASAP, Line, Sums
from device.virtual.apps.food.menus import restaurant_of
from device.virtual.apps.food.pages import THANKS, FoodPage
from device.virtual.apps.market import (
    AddressPage,
    Checkout,
    address_line,
    chips,
    option,
    part,
    payment_problem,
    payment_words,
    stepper,
    sum_line,
)
from device.virtual.window.view import (
    FILL,
    Style,
    View,
    button,
    column,
    divider,
    edges,
    icon_button,
    progress,
    row,
    scroll,
    text,
)

CONFIRMING_S = 0.4


class BasketPage(FoodPage):
    """The dishes, where and when they go, the tip, and what it comes to."""

    title = "basket"

    def created(self) -> None:
        super().created()
        self.choice = Checkout(self, addresses=basket.ADDRESSES, orders=basket.ORDERS)
        self.error = ""

    def view(self) -> View:
        lines = basket.lines(self.host.store)
        bar = self.bar(self.t("basket"))
        if not lines:
            empty = kit.empty_state("cart", self.t("basket_empty"))
            return kit.screen(bar, empty, bottom=self.snackbar.view())
        return kit.screen(bar, self.body(lambda: self._content(lines)), bottom=self.snackbar.view())

    def _content(self, lines: list[Line]) -> View:
        kitchen = lines[0].restaurant
        title = text(self.said(kitchen), id="basket_restaurant", pad=edges(16, 8), style=Style(text_sp=20, bold=True))
        parts = (
            title,
            *(self._row(line) for line in lines),
            divider(),
            self.choice.address_part(),
            self._when_part(),
            self._tip_part(),
            self.choice.payment_part(),
            divider(),
            self._foot(lines),
        )
        return scroll(*parts, id="basket_scroll", weight=1)

    def _row(self, line: Line) -> View:
        options = self.options_words(line.dish, line.options)
        gone = text(self.t("sold_out"), id="line_error", style=Style(text_sp=13, color="error"))
        words = column(
            text(self.said(line.dish), id="line_title", style=Style(text_sp=16, max_lines=2)),
            text(options, id="line_options", style=Style(text_sp=14, color=kit.QUIET)) if options else None,
            text(self.money(line.cents), id="line_price", style=Style(text_sp=14)),
            gone if line.sold_out else None,
            weight=1,
            gap=2,
        )
        return row(
            words,
            stepper(self, line.quantity, lambda quantity: self._count(line, quantity), most=basket.MOST),
            icon_button("delete", self.t("remove_line"), lambda: self._remove(line), id="remove_line", pad=edges(8)),
            key=f"line{line.number}",
            width=FILL,
            pad=edges(16, 8, 8, 8),
            gap=8,
            align="center",
        )

    def _when_part(self) -> View:
        slots = self._slots()
        chosen = self._when(slots)
        if not slots:
            body = [text(self.t("no_slot"), id="no_slot", pad=edges(16, 4), style=Style(color="error"))]
        else:
            body = [
                option(self._slot_words(one), "", key=f"slot_{one}", on=one == chosen, choose=self._keep("when", one))
                for one in slots
            ]
        return part(self.t("when"), *body, key="when_part")

    def _tip_part(self) -> View:
        entries = [(str(pct), f"{pct} %" if pct else self.t("no_tip")) for pct in basket.TIPS_PCT]
        line = chips(entries, str(self._tip), lambda pct: self.choice.keep(tip=pct), view_id="tip_chips")
        return part(self.t("tip"), line, key="tip_part")

    def _foot(self, lines: list[Line]) -> View:
        amount = basket.sums(lines, self._tip)
        short = lines[0].restaurant.least_cents - amount.dishes_cents
        wrong = text(self.error, id="basket_error", width=FILL, style=Style(text_sp=14, color="error"))
        below = text(
            self.t("below_least", money=self.money(max(0, short))), id="below_least", style=Style(color="error")
        )
        order = button(self.t("place_order"), self._place, id="btn_place_order", width=FILL)
        return column(
            *self._sums(amount), below if short > 0 else None, wrong if self.error else None, order,
            width=FILL, pad=edges(16), gap=8,
        )  # fmt: skip

    def _sums(self, amount: Sums) -> list[View]:
        fee = self.money(amount.fee_cents) if amount.fee_cents else self.t("free")
        return [
            sum_line(self.t("subtotal"), self.money(amount.dishes_cents), view_id="subtotal"),
            sum_line(self.t("delivery"), fee, view_id="delivery_fee"),
            sum_line(self.t("tip"), self.money(amount.tip_cents), view_id="tip"),
            sum_line(self.t("total"), self.money(amount.total_cents), view_id="total", bold=True),
        ]

    def _place(self) -> None:
        """Places the order once, if the restaurant can cook, bring and be paid for it."""
        lines, address, slots = basket.lines(self.host.store), self.choice.address, self._slots()
        self.error = self._wrong(lines, slots)
        if address is None or self.error or self.refused():
            return
        number = basket.place(
            self.host.store, tip_pct=self._tip, address=address_line(address), payment=self.choice.payment,
            deliver_at=self._when(slots), at_ms=self.now_ms,
        )  # fmt: skip
        self.choice.done()
        self.host.close()
        self.host.open(THANKS, number=number)

    def _wrong(self, lines: list[Line], slots: list[str]) -> str:
        """Why this cannot be ordered, in words; "" if it can."""
        amount = basket.sums(lines, self._tip)
        short = lines[0].restaurant.least_cents - amount.dishes_cents if lines else 0
        problem = payment_problem(self.choice.payment, amount.total_cents)
        gone = next((line for line in lines if line.sold_out), None)
        chosen = self.choice.get("when")
        if not lines:
            return self.t("basket_empty")
        if gone is not None:
            return f"{self.said(gone.dish)}: {self.t('sold_out')}"
        if short > 0:
            return self.t("below_least", money=self.money(short))
        if not slots:
            return self.t("no_slot")
        if chosen and chosen not in slots:
            return self.t("slot_gone", time=self._slot_words(chosen))
        if self.choice.address is None:
            return self.t("no_address")
        return self.t(problem) if problem else ""

    def _slots(self) -> list[str]:
        kitchen = basket.restaurant(self.host.store)
        return basket.slots(self.host.local_time(), kitchen) if kitchen else []

    def _when(self, slots: list[str]) -> str:
        """The time chosen; the first there is if none was. One that is past is kept, so that it can be said."""
        return self.choice.get("when") or next(iter(slots), ASAP)

    def _slot_words(self, slot: str) -> str:
        return self.t("asap") if slot == ASAP else slot

    @property
    def _tip(self) -> int:
        return int(self.choice.get("tip", "0"))

    def _keep(self, name: str, value: str) -> kit.Act:
        def keep() -> None:
            self.choice.keep(**{name: value})
            self.error = ""

        return keep

    def _count(self, line: Line, quantity: int) -> None:
        basket.set_quantity(self.host.store, line.number, quantity)
        self.error = ""

    def _remove(self, line: Line) -> None:
        removed = basket.remove(self.host.store, line.number)
        self.error = ""
        if removed is not None:
            back = self.t("undo")
            self.snackbar.show(self.t("line_removed"), back, lambda: basket.put_back(self.host.store, removed))


class FoodThanksPage(FoodPage):
    """The order is in; then how far it is, by the phone's clock."""

    title = "thanks"

    def created(self) -> None:
        super().created()
        self.waiting = True
        self.host.after(CONFIRMING_S, self._confirmed)

    def view(self) -> View:
        bar = kit.app_bar(self.t("thanks"))
        if self.waiting:
            words = text(self.t("confirming"), id="confirming_label", style=Style(color=kit.QUIET))
            wait = column(
                progress(0.6, width=160), words, width=FILL, weight=1, gap=16, align="center", justify="center"
            )
            return kit.screen(bar, wait)
        order = self.host.store.table(basket.ORDERS).get(int(self.extras.get("number", 0)))
        done = button(self.t("done"), self.host.close, id="btn_done", margin=edges(16), width=FILL)
        if order is None:
            return kit.screen(bar, kit.empty_state("file", self.t("gone_order")), done)
        kitchen = restaurant_of(str(order["restaurant"]))
        status = self.t(basket.progress_of(order, self.now_ms), time=order["deliver_at"])
        lines = column(
            text(self.t("order_placed"), id="order_placed", style=Style(text_sp=20, bold=True)),
            text(status, id="order_status", style=Style(text_sp=16, color="primary")),
            text(self.said(kitchen) if kitchen else "", id="order_restaurant"),
            text(self.items_words(order), id="order_items"),
            text(str(order["address"]), id="order_address"),
            text(payment_words(self, str(order["payment"])), id="order_payment"),
            sum_line(self.t("total"), self.money(int(order["total_cents"])), view_id="order_total", bold=True),
            text(self.t("number", number=order["_id"]), id="order_number", style=Style(color=kit.QUIET)),
            width=FILL,
            pad=edges(16),
            gap=8,
        )
        return kit.screen(bar, lines, done)

    def _confirmed(self) -> None:
        self.waiting = False
        self.host.redraw()


class FoodAddressPage(AddressPage):
    """A new address to deliver to."""

    table = basket.ADDRESSES
