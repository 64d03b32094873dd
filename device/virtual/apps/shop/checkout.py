"""Shop: the cart, the checkout, and the page that says thank you. "Place order" orders, and nothing else does."""

from __future__ import annotations

from device.virtual.apps import kit
from device.virtual.apps.market import (
    AddressPage,
    Checkout,
    address_line,
    payment_problem,
    payment_words,
    stepper,
    sum_line,
    tile,
)
from device.virtual.apps.remote import RemotePage
from device.virtual.apps.shop import cart
from device.virtual.apps.shop.cart import Line
from device.virtual.apps.shop.catalogue import ORDERS as ORDERS_TABLE
from device.virtual.apps.shop.pages import CHECKOUT, THANKS, ShopPage
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


class CartPage(ShopPage):
    """What is in the cart, how many of each, and what it comes to."""

    title = "cart"

    def view(self) -> View:
        lines = cart.lines(self.host.store)
        if not lines:
            body = kit.empty_state("cart", self.t("cart_empty"))
            return kit.screen(self.bar(self.t("cart")), body, bottom=self.snackbar.view())
        onwards = button(self.t("checkout"), self._checkout, id="btn_checkout", width=FILL)
        foot = column(*sums(self, lines), onwards, width=FILL, pad=edges(16), gap=8)
        rows = kit.recycler([self._row(line) for line in lines], view_id="cart_list")
        return kit.screen(self.bar(self.t("cart")), rows, divider(), foot, bottom=self.snackbar.view())

    def _row(self, line: Line) -> View:
        product, name = line.product, line_name(self, line)
        problem = None if line.available else self._problem(line)
        words = column(
            text(name, id="line_title", style=Style(text_sp=16, max_lines=2)),
            text(self.money(line.cents), id="line_price", style=Style(text_sp=14, color=kit.QUIET)),
            problem,
            weight=1,
            gap=2,
        )
        return row(
            tile(product.icon, product.key, size_dp=48),
            words,
            stepper(self, line.quantity, lambda quantity: self._count(line, quantity), most=min(line.left, cart.MOST)),
            icon_button("delete", self.t("remove_line"), lambda: self._remove(line), id="remove_line", pad=edges(8)),
            key=f"{product.key}_{line.variant.key}",
            width=FILL,
            pad=edges(16, 8, 8, 8),
            gap=12,
            align="center",
        )

    def _problem(self, line: Line) -> View:
        words = self.t("not_so_many", count=line.left) if line.left else self.t("sold_out")
        return text(words, id="line_error", style=Style(text_sp=13, color="error"))

    def _count(self, line: Line, quantity: int) -> None:
        cart.set_quantity(self.host.store, line.number, quantity)

    def _remove(self, line: Line) -> None:
        removed = cart.remove(self.host.store, line.number)
        if removed is not None:
            self.snackbar.show(self.t("line_removed"), self.t("undo"), lambda: cart.put_back(self.host.store, removed))

    def _checkout(self) -> None:
        short = [line for line in cart.lines(self.host.store) if not line.available]
        if short:
            self.host.toast(line_problem(self, short[0]))
        elif not self.refused():
            self.snackbar.hide()
            self.host.open(CHECKOUT)


class CheckoutPage(ShopPage):
    """Address, payment and everything once more."""

    title = "checkout"

    def created(self) -> None:
        super().created()
        self.choice = Checkout(self, addresses=cart.ADDRESSES, orders=ORDERS_TABLE)
        self.error = ""

    def view(self) -> View:
        lines = cart.lines(self.host.store)
        if not lines:
            return kit.screen(self.bar(self.t("checkout")), kit.empty_state("cart", self.t("cart_empty")))
        return kit.screen(self.bar(self.t("checkout")), self.body(lambda: self._content(lines)))

    def _content(self, lines: list[Line]) -> View:
        summary = [
            sum_line(f"{line.quantity} × {line_name(self, line)}", self.money(line.cents), view_id=f"line{line.number}")
            for line in lines
        ]
        wrong = text(self.error, id="checkout_error", width=FILL, style=Style(text_sp=14, color="error"))
        order = button(self.t("place_order"), self._place, id="btn_place_order", width=FILL)
        foot = column(
            *summary, *sums(self, lines), wrong if self.error else None, order, width=FILL, pad=edges(16), gap=8
        )
        parts = (self.choice.address_part(), self.choice.payment_part(), divider(), foot)
        return scroll(*parts, id="checkout_scroll", weight=1)

    def _place(self) -> None:
        """Places the order once, if it can be paid, delivered, and everything is still there."""
        lines, address = cart.lines(self.host.store), self.choice.address
        total = total_cents(lines)
        short = [line for line in lines if not line.available]
        problem = payment_problem(self.choice.payment, total)
        self.error = ""
        if address is None:
            self.error = self.t("no_address")
        elif problem:
            self.error = self.t(problem)
        elif short:
            self.error = line_problem(self, short[0])
        elif lines and not self.refused():
            number = cart.place(
                self.host.store, address=address_line(address), payment=self.choice.payment, at_ms=self.now_ms
            )
            self.choice.done()
            for _ in range(2):  # the checkout and the cart: back from the thanks leads to the products
                self.host.close()
            self.host.open(THANKS, number=number)


class ThanksPage(RemotePage):
    """The order is in; the page takes a moment to say so."""

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
        order = self.host.store.table(ORDERS_TABLE).get(int(self.extras.get("number", 0)))
        if order is None:
            return kit.screen(bar, kit.empty_state("file", self.t("gone_order")), self._done())
        lines = column(
            text(self.t("order_placed"), id="order_placed", style=Style(text_sp=20, bold=True)),
            text(self.t("number", number=order["_id"]), id="order_number", style=Style(color=kit.QUIET)),
            text(str(order["address"]), id="order_address"),
            text(payment_words(self, str(order["payment"])), id="order_payment"),
            width=FILL,
            pad=edges(16),
            gap=8,
        )
        return kit.screen(bar, lines, self._done())

    def _done(self) -> View:
        return button(self.t("done"), self.host.close, id="btn_done", margin=edges(16), width=FILL)

    def _confirmed(self) -> None:
        self.waiting = False
        self.host.redraw()


class ShopAddressPage(AddressPage):
    """A new address to send to."""

    table = cart.ADDRESSES


def line_name(page: ShopPage, line: Line) -> str:
    """A line's product, and its variant if it has one."""
    variant = page.variant_name(line.variant)
    name = page.product_name(line.product)
    return f"{name}, {variant}" if variant else name


def line_problem(page: ShopPage, line: Line) -> str:
    """Why a line cannot be bought: how many are left, or that none are."""
    said = page.t("not_so_many", count=line.left) if line.left else page.t("sold_out")
    return f"{line_name(page, line)}: {said}"


def total_cents(lines: list[Line]) -> int:
    """What these lines come to with shipping, in cents."""
    subtotal = sum(line.cents for line in lines)
    return subtotal + cart.shipping_cents(subtotal)


def sums(page: ShopPage, lines: list[Line]) -> list[View]:
    """Subtotal, shipping and total."""
    subtotal = sum(line.cents for line in lines)
    shipping = cart.shipping_cents(subtotal)
    cost = page.money(shipping) if shipping else page.t("free")
    hint = text(
        page.t("free_from", money=page.money(cart.FREE_FROM_CENTS)), id="shipping_hint",
        style=Style(text_sp=12, color=kit.QUIET),
    )  # fmt: skip
    return [
        sum_line(page.t("subtotal"), page.money(subtotal), view_id="subtotal"),
        sum_line(page.t("shipping"), cost, view_id="shipping"),
        *([hint] if shipping else []),
        sum_line(page.t("total"), page.money(subtotal + shipping), view_id="total", bold=True),
    ]
