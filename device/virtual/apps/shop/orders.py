"""Shop: the orders placed, and one of them - which can be cancelled for half an hour."""

from __future__ import annotations

from device.virtual.apps import kit, times
from device.virtual.apps.dialogs import question
from device.virtual.apps.market import payment_words, sum_line
from device.virtual.apps.shop import cart
from device.virtual.apps.shop.catalogue import ORDERS as ORDERS_TABLE
from device.virtual.apps.shop.catalogue import product_of, variant_of
from device.virtual.apps.shop.pages import CART, ORDER, ShopPage
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, button, column, divider, edges, scroll, text


class OrdersPage(ShopPage):
    """All orders, the last one on top."""

    title = "orders"

    def view(self) -> View:
        return kit.screen(self.bar(self.t("orders")), self.body(self._list))

    def _list(self) -> View:
        rows = self.host.store.table(ORDERS_TABLE).rows()
        if not rows:
            return kit.empty_state("file", self.t("no_orders"))
        return kit.recycler([self._row(one) for one in reversed(rows)], view_id="history_list")

    def _row(self, order: Row) -> View:
        when = times.when(self.host.locale, int(order["at_ms"]), self.host.local_time())
        total = text(self.money(int(order["total_cents"])), id="history_total", style=Style(text_sp=15))
        items = ", ".join(item_words(self, item) for item in order["items"])
        words = f"{self.t('number', number=order['_id'])} · {when} · {self.t(str(order['status']))}"
        return kit.list_row(
            items, words, key=f"past{order['_id']}", ids=("history_items", "history_status"), trailing=total,
            on_tap=lambda: self.host.open(ORDER, number=order["_id"]),
        )  # fmt: skip


class OrderPage(ShopPage):
    """One order (`number`)."""

    title = "orders"

    def view(self) -> View:
        order = self._order()
        if order is None:
            return kit.screen(self.bar(""), kit.empty_state("file", self.t("gone_order")))
        bar = self.bar(self.t("number", number=order["_id"]))
        return kit.screen(bar, self._content(order), bottom=self.snackbar.view())

    def _content(self, order: Row) -> View:
        status = str(order["status"])
        when = times.long_date(self.host.locale, times.from_ms(int(order["at_ms"]), self.host.local_time().tzinfo))
        lines = [
            sum_line(item_words(self, item), self.money(item["cents"] * item["quantity"]), view_id=f"item{at}")
            for at, item in enumerate(order["items"])
        ]
        shipping, total = self.money(int(order["shipping_cents"])), self.money(int(order["total_cents"]))
        head = column(
            text(self.t(status), id="past_status", style=Style(text_sp=20, bold=True)),
            text(when, id="past_date", style=Style(color=kit.QUIET)),
            text(str(order["address"]), id="past_address"),
            text(payment_words(self, str(order["payment"])), id="past_payment"),
            width=FILL, pad=edges(16), gap=6,
        )  # fmt: skip
        body = column(
            *lines,
            sum_line(self.t("shipping"), shipping, view_id="past_shipping"),
            sum_line(self.t("total"), total, view_id="past_total", bold=True),
            kit.tonal_button(self.t("again"), self._again, id="btn_again", width=FILL),
            self._cancel_part(order),
            width=FILL, pad=edges(16), gap=8,
        )  # fmt: skip
        return scroll(head, divider(), body, weight=1)

    def _cancel_part(self, order: Row) -> View | None:
        if order["status"] != cart.PLACED:
            return None
        if not cart.can_cancel(order, self.now_ms):
            return text(self.t("too_late"), id="too_late", style=Style(text_sp=13, color=kit.QUIET))
        look = Style(border="error", color="error", corner_dp=20, text_sp=14, text_align="center")
        return button(self.t("cancel_order"), self._ask, id="btn_cancel_order", width=FILL, style=look)

    def _order(self) -> Row | None:
        return self.host.store.table(ORDERS_TABLE).get(int(self.extras.get("number", 0)))

    def _ask(self) -> None:
        order = self._order() or {}
        words = self.t("cancel_words", number=order.get("_id"), money=self.money(int(order.get("total_cents", 0))))
        self.show(
            lambda: question(
                self.t("cancel_title"), words, yes=self.t("cancel_order"), on_yes=self.then(self._cancel),
                no=self.t("keep_order"), on_no=self.hide,
            )
        )  # fmt: skip

    def _cancel(self) -> None:
        order = self._order()
        if order is None or self.refused():
            return
        if not cart.can_cancel(order, self.now_ms):
            self.host.toast(self.t("too_late"))
            return
        self.host.store.table(ORDERS_TABLE).update(order["_id"], status=cart.CANCELLED)
        self.host.toast(self.t("order_cancelled"))

    def _again(self) -> None:
        """Everything of this order into the cart, as far as it goes in."""
        order = self._order() or {"items": []}
        for item in order["items"]:
            if not cart.add(self.host.store, item["product"], item["variant"], item["quantity"]):
                self.host.toast(self.t("too_many", count=cart.MOST))
        self.snackbar.show(self.t("added"), self.t("view_cart"), lambda: self.host.open(CART))


def item_words(page: ShopPage, item: Row) -> str:
    """ "2 × Wool scarf, Red"; the bare key for what is no longer sold."""
    product = product_of(str(item["product"]))
    if product is None:
        return f"{item['quantity']} × {item['product']}"
    variant = variant_of(product, str(item["variant"]))
    kind = page.variant_name(variant) if variant else ""
    name = page.product_name(product)
    return f"{item['quantity']} × {name}, {kind}" if kind else f"{item['quantity']} × {name}"
