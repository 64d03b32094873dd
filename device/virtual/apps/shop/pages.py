"""Shop: the products, one product, and what every page of the app has."""

from __future__ import annotations

from device.virtual.apps import kit
from device.virtual.apps.market import ALL, BrowsePage, MarketPage, basket_button, chips, said, stepper, tile
from device.virtual.apps.shop import cart
from device.virtual.apps.shop.catalogue import (
    CATEGORIES,
    FEW,
    NAMES,
    PRODUCTS,
    Product,
    Variant,
    left,
    product_of,
    variant_of,
)
from device.virtual.window.view import FILL, Style, View, button, column, edges, icon_button, row, scroll, text

PRODUCT, CART, CHECKOUT, THANKS = ".ProductActivity", ".CartActivity", ".CheckoutActivity", ".ThanksActivity"
ORDERS, ORDER = ".OrdersActivity", ".OrderActivity"
WISHES = "wishes"


class ShopPage(MarketPage):
    """What the pages of this app have in common."""

    def product_name(self, product: Product) -> str:
        return str(self.host.store.document(NAMES, {}).get(product.key) or said(product.names, self.host.locale))

    def variant_name(self, variant: Variant) -> str:
        return said(variant.names, self.host.locale) if variant.names else ""

    def cart_button(self) -> View:
        count = cart.count(self.host.store)
        desc = self.t("cart_count", count=count) if count else self.t("cart")
        return basket_button(self, desc, count, lambda: self.host.open(CART), view_id="menu_cart")

    def stock_words(self, count: int) -> str:
        if not count:
            return self.t("sold_out")
        return self.t("few_left", count=count) if count <= FEW else self.t("in_stock")


class HomePage(BrowsePage, ShopPage):
    """All products, by category and by words."""

    kinds = (ALL, *CATEGORIES, WISHES)
    chips_id = "category_chips"

    def actions(self) -> tuple[View, ...]:
        history = icon_button("file", self.t("orders"), lambda: self.host.open(ORDERS), id="menu_history")
        return history, self.cart_button()

    def found(self) -> View:
        shown = [one for one in PRODUCTS if self._fits(one)]
        if not shown:
            empty = self.t("nothing_found", query=self.query) if self.query.strip() else self.t("no_wishes")
            return kit.empty_state("cart", empty)
        return kit.recycler([self._row(one) for one in shown], view_id="product_list", bottom_dp=16)

    def _fits(self, product: Product) -> bool:
        if self.chosen == WISHES and not cart.wished(self.host.store, product.key):
            return False
        here = self.chosen in (ALL, WISHES, product.category)
        return here and self.query.strip().casefold() in self.product_name(product).casefold()

    def _row(self, product: Product) -> View:
        count = max(left(self.host.store, product, one) for one in product.variants)
        price = text(self.money(product.cents), id="price", style=Style(text_sp=15, bold=True))
        name = self.product_name(product)
        return kit.list_row(
            name, self.stock_words(count), key=product.key, ids=("product_title", "product_stock"),
            leading=tile(product.icon, product.key), trailing=price,
            on_tap=lambda: self.host.open(PRODUCT, product=product.key),
        )  # fmt: skip


class ProductPage(ShopPage):
    """One product (`product`): its variants, how many, and into the cart."""

    title = "app_name"

    def created(self) -> None:
        super().created()
        self.product = product_of(str(self.extras.get("product", "")))
        variants = self.product.variants if self.product else ()
        self.variant = variants[0].key if len(variants) == 1 else ""
        self.quantity = 1
        self.error = ""

    def view(self) -> View:
        product = self.product
        if product is None:
            return kit.screen(self.bar(""), kit.empty_state("cart", self.t("gone")))
        wished = cart.wished(self.host.store, product.key)
        look = Style(icon="heart", color="primary" if wished else "outline")
        heart = icon_button(
            "heart", self.t("unsave_product" if wished else "save_product"), self._wish, id="menu_wish", style=look
        )
        bar = self.bar("", heart, self.cart_button())
        return kit.screen(bar, self.body(lambda: self._content(product)), bottom=self.snackbar.view())

    def _content(self, product: Product) -> View:
        name = self.product_name(product)
        picture = column(tile(product.icon, product.key, size_dp=160), width=FILL, align="center", pad=edges(16))
        chosen = variant_of(product, self.variant)
        most = max(left(self.host.store, product, one) for one in ((chosen,) if chosen else product.variants))
        stock = self.stock_words(most)
        add = button(
            self.t("add_to_cart") if most else self.t("sold_out"), self._add if most else None, id="add_to_cart",
            width=FILL, enabled=bool(most), style=_button_look(bool(most)),
        )  # fmt: skip
        amount = row(
            text(self.t("quantity"), weight=1),
            stepper(self, self.quantity, self._count, most=min(most, cart.MOST)),
            width=FILL,
            align="center",
        )
        parts = (
            text(name, id="product_title", style=Style(text_sp=24, bold=True)),
            text(self.money(product.cents), id="product_price", style=Style(text_sp=20, color="primary", bold=True)),
            self._variants(product),
            text(stock, id="product_stock", style=Style(text_sp=14, color=kit.QUIET if most else "error")),
            amount if most else None,
            text(self.error, id="product_error", style=Style(text_sp=14, color="error")) if self.error else None,
            add,
        )
        return scroll(picture, column(*parts, width=FILL, pad=edges(16, 0, 16, 16), gap=12), weight=1)

    def _variants(self, product: Product) -> View | None:
        if len(product.variants) == 1:
            return None
        entries = [(one.key, self.variant_name(one)) for one in product.variants]
        return column(
            text(self.t("choose_variant"), style=Style(text_sp=14, color=kit.QUIET)),
            chips(entries, self.variant, self._choose, view_id="variant_chips", side_dp=0),
            width=FILL,
            gap=4,
        )

    def _choose(self, variant: str) -> None:
        self.variant, self.error, self.quantity = variant, "", 1

    def _count(self, quantity: int) -> None:
        self.quantity, self.error = quantity, ""

    def _wish(self) -> None:
        if self.product is not None:
            cart.toggle_wish(self.host.store, self.product.key)

    def _add(self) -> None:
        variant = variant_of(self.product, self.variant) if self.product else None
        if self.product is None or variant is None:
            self.error = self.t("variant_missing")
        elif self.quantity > left(self.host.store, self.product, variant):
            self.error = self.t("not_so_many", count=left(self.host.store, self.product, variant))
        elif not cart.add(self.host.store, self.product.key, variant.key, self.quantity):
            self.error = self.t("too_many", count=cart.MOST)
        else:
            self.error = ""
            self.snackbar.show(self.t("added"), self.t("view_cart"), lambda: self.host.open(CART))


def _button_look(on: bool) -> Style:
    if on:
        return Style(background="primary", color="on_primary", corner_dp=20, text_sp=14, bold=True, text_align="center")
    return Style(background="surface_variant", color="outline", corner_dp=20, text_sp=14, text_align="center")
