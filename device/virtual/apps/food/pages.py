"""Food: the restaurants, one menu, and one dish with its options."""

from __future__ import annotations

from device.virtual.apps import kit, times
from device.virtual.apps.food import basket
from device.virtual.apps.food.menus import (
    CUISINES,
    NOTES,
    RESTAURANTS,
    Dish,
    Extra,
    Option,
    Restaurant,
    dish_of,
    is_sold_out,
    price_cents,
    restaurant_of,
    unanswered,
    usual,
)
from device.virtual.apps.market import ALL, BrowsePage, MarketPage, basket_button, option, said, stepper, tile
from device.virtual.state import Row
from device.virtual.window.view import (
    FILL,
    Style,
    View,
    button,
    checkbox,
    column,
    edges,
    icon_button,
    row,
    scroll,
    text,
)

MENU, DISH, BASKET, THANKS, HISTORY = (
    ".MenuActivity", ".DishActivity", ".BasketActivity", ".ThanksActivity", ".HistoryActivity",
)  # fmt: skip
OPEN_NOW, FREE = "open_now", "free_delivery"
ICONS = {"coffee": "food", "pizza": "circle", "noodles": "menu", "sushi": "heart"}


class FoodPage(MarketPage):
    """What the pages of this app have in common."""

    def said(self, one: Restaurant | Dish | Option | Extra) -> str:
        return said(one.names, self.host.locale)

    def is_open(self, restaurant: Restaurant) -> bool:
        return restaurant.is_open(self.host.local_time().hour)

    def facts(self, restaurant: Restaurant) -> str:
        """ "20 min · Delivery 1.90 €", or when it opens."""
        if not self.is_open(restaurant):
            return self.t("closed", time=times.clock_time(restaurant.opens, 0))
        fee = self.t("fee", money=self.money(restaurant.fee_cents)) if restaurant.fee_cents else self.t("free_delivery")
        return f"{self.t('minutes', count=restaurant.minutes)} · {fee}"

    def basket_button(self) -> View:
        count = basket.count(self.host.store)
        desc = self.t("basket_count", count=count) if count else self.t("basket")
        return basket_button(self, desc, count, lambda: self.host.open(BASKET), view_id="menu_basket")

    def options_words(self, dish: Dish, chosen: dict[str, list[str]]) -> str:
        """ "Large, Oat milk": the answers in words."""
        extras = [extra for one in dish.options for extra in one.extras if extra.key in chosen.get(one.key, ())]
        return ", ".join(self.said(extra) for extra in extras)

    def items_words(self, order: Row) -> str:
        """What an order had, in one line."""
        kitchen = restaurant_of(str(order["restaurant"]))
        parts = []
        for item in order["items"]:
            dish = dish_of(kitchen, str(item["dish"])) if kitchen else None
            name = self.said(dish) if dish else str(item["dish"])
            options = self.options_words(dish, item["options"]) if dish else ""
            parts.append(f"{item['quantity']} × {name}" + (f" ({options})" if options else ""))
        return ", ".join(parts)

    def order_again(self, order: Row) -> None:
        """The order once more, into the basket: nothing is ordered by this."""
        missing = basket.again(self.host.store, order)
        if missing:
            self.host.toast(self.t("again_missing", names=", ".join(self.said(dish) for dish in missing)))
        else:
            self.host.toast(self.t("again_done"))
        self.host.open(BASKET)


class RestaurantsPage(BrowsePage, FoodPage):
    """The restaurants, by kind and by words, and the last meal to order once more."""

    kinds = (ALL, OPEN_NOW, FREE, *CUISINES)
    chips_id = "filter_chips"

    def actions(self) -> tuple[View, ...]:
        history = icon_button("clock", self.t("history"), lambda: self.host.open(HISTORY), id="menu_history")
        return history, self.basket_button()

    def found(self) -> View:
        shown = [one for one in RESTAURANTS if self._fits(one)]
        if not shown:
            wanted = self.query.strip()
            return kit.empty_state("food", self.t("nothing_found", query=wanted) if wanted else self.t("nothing_fits"))
        rows: list[View | None] = [self._last_meal(), *(self._row(one) for one in shown)]
        return kit.recycler(rows, view_id="restaurant_list", bottom_dp=16)

    def _fits(self, restaurant: Restaurant) -> bool:
        fits = {
            ALL: True,
            OPEN_NOW: self.is_open(restaurant),
            FREE: restaurant.fee_cents == 0,
        }.get(self.chosen, restaurant.cuisine == self.chosen)
        wanted = self.query.strip().casefold()
        names = [self.said(restaurant), *(self.said(dish) for dish in restaurant.dishes)]
        return fits and any(wanted in name.casefold() for name in names)

    def _last_meal(self) -> View | None:
        orders = self.host.store.table(basket.ORDERS).rows()
        if not orders or self.query or self.chosen != ALL:
            return None
        last = orders[-1]
        kitchen = restaurant_of(str(last["restaurant"]))
        return kit.card(
            text(self.t("last_time"), style=Style(text_sp=12, color=kit.QUIET)),
            text(self.said(kitchen) if kitchen else "", id="last_restaurant", style=Style(text_sp=16, bold=True)),
            text(self.items_words(last), id="last_items", style=Style(text_sp=14, max_lines=2)),
            kit.tonal_button(self.t("again"), lambda: self.order_again(last), id="btn_again"),
            key="last_meal",
        )

    def _row(self, restaurant: Restaurant) -> View:
        name, here = self.said(restaurant), self.is_open(restaurant)
        kind = text(self.t(restaurant.cuisine), id="cuisine", style=Style(text_sp=13, color=kit.QUIET))
        return kit.list_row(
            name, self.facts(restaurant), key=restaurant.key, ids=("restaurant_name", "restaurant_facts"),
            leading=tile(ICONS[restaurant.cuisine], restaurant.key), trailing=kind, bold=here,
            on_tap=lambda: self.host.open(MENU, restaurant=restaurant.key),
        )  # fmt: skip


class MenuPage(FoodPage):
    """What one restaurant (`restaurant`) cooks. A closed one says so first; its menu can be read."""

    title = "app_name"

    def created(self) -> None:
        super().created()
        self.restaurant = restaurant_of(str(self.extras.get("restaurant", "")))
        if self.restaurant and not self.is_open(self.restaurant):
            name, opens = self.said(self.restaurant), times.clock_time(self.restaurant.opens, 0)
            self.ask_closed(name, opens)

    def ask_closed(self, name: str, opens: str) -> None:
        title, words = self.t("closed_title", name=name), self.t("closed_words", time=opens)
        self.ask(title, words, self.t("ok"), lambda: None)

    def view(self) -> View:
        restaurant = self.restaurant
        if restaurant is None:
            return kit.screen(self.bar(""), kit.empty_state("food", self.t("gone")))
        bar = self.bar(self.said(restaurant), self.basket_button())
        return kit.screen(bar, self.body(lambda: self._content(restaurant)), bottom=self.snackbar.view())

    def _content(self, restaurant: Restaurant) -> View:
        least = self.t("least", money=self.money(restaurant.least_cents)) if restaurant.least_cents else ""
        facts = " · ".join(part for part in (self.facts(restaurant), least) if part)
        head = text(facts, id="restaurant_facts", width=FILL, pad=edges(16, 4, 16, 8), style=Style(color=kit.QUIET))
        note = str(self.host.store.document(NOTES, {}).get(restaurant.key, ""))
        told = text(note, id="restaurant_note", width=FILL, pad=edges(16, 0, 16, 8)) if note else None
        rows = [self._row(restaurant, dish) for dish in restaurant.dishes]
        return column(head, told, kit.recycler(rows, view_id="menu_list"), width=FILL, weight=1)

    def _row(self, restaurant: Restaurant, dish: Dish) -> View:
        gone = is_sold_out(self.host.store, restaurant, dish)
        names = ", ".join(self.said(one) for one in dish.options)
        price = text(self.money(dish.cents), id="dish_price", style=Style(text_sp=15, bold=True))
        return kit.list_row(
            self.said(dish), self.t("sold_out") if gone else names, key=dish.key, ids=("dish_name", "dish_facts"),
            leading=tile(ICONS[restaurant.cuisine], dish.key, size_dp=48), trailing=price, enabled=not gone,
            on_tap=None if gone else lambda: self.host.open(DISH, restaurant=restaurant.key, dish=dish.key),
        )  # fmt: skip


class DishPage(FoodPage):
    """One dish (`restaurant`, `dish`): its options, how many, and into the basket."""

    title = "app_name"

    def created(self) -> None:
        super().created()
        self.restaurant = restaurant_of(str(self.extras.get("restaurant", "")))
        self.dish = dish_of(self.restaurant, str(self.extras.get("dish", ""))) if self.restaurant else None
        self.chosen = usual(self.dish) if self.dish else {}
        self.quantity = 1
        self.error = ""

    def view(self) -> View:
        dish = self.dish
        if dish is None or self.restaurant is None:
            return kit.screen(self.bar(""), kit.empty_state("food", self.t("gone")))
        price = self.money(price_cents(dish, self.chosen) * self.quantity)
        head = column(
            text(self.said(dish), id="dish_name", style=Style(text_sp=24, bold=True)),
            text(self.said(self.restaurant), id="restaurant_name", style=Style(color=kit.QUIET)),
            width=FILL, pad=edges(16, 8),
        )  # fmt: skip
        amount = row(
            text(self.t("quantity"), weight=1), stepper(self, self.quantity, self._count, most=basket.MOST),
            width=FILL, align="center",
        )  # fmt: skip
        foot = column(
            text(self.error, id="dish_error", style=Style(text_sp=14, color="error")) if self.error else None,
            amount,
            row(
                text(price, id="dish_total", weight=1, style=Style(text_sp=20, bold=True)),
                button(self.t("add_to_basket"), self._add, id="add_to_basket"),
                width=FILL, gap=16, align="center",
            ),
            width=FILL, pad=edges(16, 8, 16, 16), gap=8, style=Style(background="surface"),
        )  # fmt: skip
        options = scroll(head, *(self._option(one) for one in dish.options), id="options_scroll", weight=1)
        return kit.screen(self.bar("", self.basket_button()), options, foot)

    def _option(self, one: Option) -> View:
        title = self.said(one) + (f" · {self.t('required')}" if one.asked else "")
        return column(kit.section(title), *(self._extra(one, extra) for extra in one.extras), key=one.key, width=FILL)

    def _extra(self, one: Option, extra: Extra) -> View:
        on = extra.key in self.chosen.get(one.key, ())
        cost = f"+{self.money(extra.cents)}" if extra.cents else ""
        if not one.many:
            return option(self.said(extra), cost, key=extra.key, on=on, choose=lambda: self._choose(one, extra))
        mark = checkbox(on, None, id="option_mark", focusable=False)
        return kit.list_row(
            self.said(extra), cost, key=extra.key, leading=mark, ids=("option_title", "option_summary"),
            on_tap=lambda: self._toggle(one, extra),
        )  # fmt: skip

    def _choose(self, one: Option, extra: Extra) -> None:
        self.chosen[one.key], self.error = [extra.key], ""

    def _toggle(self, one: Option, extra: Extra) -> None:
        on = {*self.chosen[one.key]} ^ {extra.key}
        self.chosen[one.key] = [each.key for each in one.extras if each.key in on]

    def _count(self, quantity: int) -> None:
        self.quantity = quantity

    def _add(self) -> None:
        """Into the basket; asks first where the basket belongs to another restaurant."""
        if self.dish is None or self.restaurant is None:
            return
        missing = unanswered(self.dish, self.chosen)
        other = basket.restaurant(self.host.store)
        if missing is not None:
            self.error = self.t("answer_missing", option=self.said(missing))
        elif other is not None and other.key != self.restaurant.key:
            words = self.t("new_basket_words", name=self.said(other))
            self.ask(self.t("new_basket_title"), words, self.t("new_basket"), self._start_anew)
        else:
            self._put()

    def _start_anew(self) -> None:
        basket.clear(self.host.store)
        self._put()

    def _put(self) -> None:
        if self.dish is not None and self.restaurant is not None:
            basket.add(self.host.store, self.restaurant.key, self.dish.key, self.chosen, self.quantity)
            self.snackbar.show(self.t("added"), self.t("view_basket"), lambda: self.host.open(BASKET))
            self.host.close()


class HistoryPage(FoodPage):
    """The meals of before, the last one on top."""

    title = "history"

    def view(self) -> View:
        return kit.screen(self.bar(self.t("history")), self.body(self._list))

    def _list(self) -> View:
        orders = self.host.store.table(basket.ORDERS).rows()
        if not orders:
            return kit.empty_state("clock", self.t("no_history"))
        return kit.recycler([self._card(one) for one in reversed(orders)], view_id="history_list", bottom_dp=16)

    def _card(self, order: Row) -> View:
        kitchen = restaurant_of(str(order["restaurant"]))
        when = times.when(self.host.locale, int(order["at_ms"]), self.host.local_time())
        status = self.t(basket.progress_of(order, self.now_ms), time=order["deliver_at"])
        total = self.money(int(order["total_cents"]))
        return kit.card(
            text(self.said(kitchen) if kitchen else "", id="history_restaurant", style=Style(text_sp=16, bold=True)),
            text(self.items_words(order), id="history_items", style=Style(text_sp=14)),
            text(
                f"{self.t('number', number=order['_id'])} · {when} · {total} · {status}", id="history_status",
                style=Style(text_sp=13, color=kit.QUIET),
            ),
            kit.tonal_button(self.t("again"), lambda: self.order_again(order), id="btn_again"),
            key=f"past{order['_id']}",
        )  # fmt: skip
