"""Shop: products in variants, a cart, an order that is placed once, and the orders of before."""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps.market import ADDRESS, install_addresses
from device.virtual.apps.shop import cart
from device.virtual.apps.shop.catalogue import ORDERS as ORDERS_TABLE
from device.virtual.apps.shop.catalogue import PACKAGE
from device.virtual.apps.shop.checkout import CartPage, CheckoutPage, ShopAddressPage, ThanksPage
from device.virtual.apps.shop.orders import OrderPage, OrdersPage
from device.virtual.apps.shop.pages import CART, CHECKOUT, ORDER, ORDERS, PRODUCT, THANKS, HomePage, ProductPage
from device.virtual.apps.shop.strings import STRINGS
from device.virtual.apps.snackbar import Snackbar
from device.virtual.state import StateStore


class ShopApp(App):
    package = PACKAGE
    icon = "heart"
    version = "6.3.0"
    version_code = 630
    tables: ClassVar[tuple[str, ...]] = (cart.CART, cart.ADDRESSES, cart.WISHES, ORDERS_TABLE)
    pages = {  # noqa: RUF012 - declared in App
        ".MainActivity": HomePage,
        PRODUCT: ProductPage,
        CART: CartPage,
        CHECKOUT: CheckoutPage,
        ADDRESS: ShopAddressPage,
        THANKS: ThanksPage,
        ORDERS: OrdersPage,
        ORDER: OrderPage,
    }
    strings = STRINGS

    def started(self) -> None:
        self.snackbar = Snackbar(self.host)

    @classmethod
    def install(cls, store: StateStore) -> None:
        install_addresses(store, cart.ADDRESSES)
