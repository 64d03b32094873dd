"""Food: restaurants, dishes with options, a basket, an order that is placed once, and the last one once more."""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps.food import basket
from device.virtual.apps.food.checkout import BasketPage, FoodAddressPage, FoodThanksPage
from device.virtual.apps.food.menus import PACKAGE
from device.virtual.apps.food.pages import (
    BASKET,
    DISH,
    HISTORY,
    MENU,
    THANKS,
    DishPage,
    HistoryPage,
    MenuPage,
    RestaurantsPage,
)
from device.virtual.apps.food.strings import STRINGS
from device.virtual.apps.market import ADDRESS, install_addresses
from device.virtual.apps.snackbar import Snackbar
from device.virtual.state import StateStore


class FoodApp(App):
    package = PACKAGE
    icon = "food"
    version = "3.2.0"
    version_code = 320
    tables: ClassVar[tuple[str, ...]] = (basket.BASKET, basket.ORDERS, basket.ADDRESSES)
    pages = {  # noqa: RUF012 - declared in App
        ".MainActivity": RestaurantsPage,
        MENU: MenuPage,
        DISH: DishPage,
        BASKET: BasketPage,
        ADDRESS: FoodAddressPage,
        THANKS: FoodThanksPage,
        HISTORY: HistoryPage,
    }
    strings = STRINGS

    def started(self) -> None:
        self.snackbar = Snackbar(self.host)

    @classmethod
    def install(cls, store: StateStore) -> None:
        install_addresses(store, basket.ADDRESSES)
