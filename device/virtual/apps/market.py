"""What apps that sell share: chips, counters, sums, picture tiles, and the delivery addresses with their form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from device.virtual.apps import kit
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.drafts import Drafts
from device.virtual.apps.pay import money
from device.virtual.apps.remote import RemotePage
from device.virtual.apps.searching import Searching
from device.virtual.state import Row, StateStore
from device.virtual.window.view import (
    FILL,
    Style,
    View,
    column,
    edges,
    hscroll,
    icon_button,
    image,
    radio,
    row,
    scroll,
    text,
)

ADDRESS = ".AddressActivity"
ALL = "all"
FIELDS = ("name", "street", "postcode", "city")

MARKET = {
    "en": {
        "deliver_to": "Deliver to",
        "pay_with": "Pay with",
        "add_address": "Add an address",
        "name": "Name",
        "street": "Street and number",
        "postcode": "Postcode",
        "city": "City",
        "name_missing": "Enter a name",
        "street_missing": "Enter a street and number",
        "postcode_wrong": "A postcode has five digits",
        "city_missing": "Enter a city",
        "address_saved": "Address saved",
        "visa": "Visa ··4242",
        "gift_card": "Gift card, {money} left",
        "expired_card": "Mastercard ··0505, expired",
        "cash": "Cash on delivery",
        "gift_card_low": "The gift card does not cover the total",
        "card_expired": "This card has expired. Choose another one",
        "more_of": "Increase quantity",
        "less_of": "Decrease quantity",
        "total": "Total",
        "subtotal": "Subtotal",
        "free": "Free",
        "done": "Done",
        "number": "No. {number}",
        "gone_order": "There is no such order",
    },
    "zh": {
        "deliver_to": "收货地址",
        "pay_with": "支付方式",
        "add_address": "添加地址",
        "name": "姓名",
        "street": "街道和门牌号",
        "postcode": "邮政编码",
        "city": "城市",
        "name_missing": "请输入姓名",
        "street_missing": "请输入街道和门牌号",
        "postcode_wrong": "邮政编码为五位数字",
        "city_missing": "请输入城市",
        "address_saved": "地址已保存",
        "visa": "Visa 卡 ··4242",
        "gift_card": "礼品卡,余额 {money}",
        "expired_card": "万事达卡 ··0505,已过期",
        "cash": "货到付现",
        "gift_card_low": "礼品卡余额不足",
        "card_expired": "此卡已过期,请换一张",
        "more_of": "增加数量",
        "less_of": "减少数量",
        "total": "合计",
        "subtotal": "小计",
        "free": "免费",
        "done": "完成",
        "number": "编号 {number}",
        "gone_order": "没有这个订单",
    },
    "de": {
        "deliver_to": "Liefern an",
        "pay_with": "Zahlungsart",
        "add_address": "Adresse hinzufügen",
        "name": "Name",
        "street": "Straße und Hausnummer",
        "postcode": "Postleitzahl",
        "city": "Stadt",
        "name_missing": "Gib einen Namen ein",
        "street_missing": "Gib Straße und Hausnummer ein",
        "postcode_wrong": "Eine Postleitzahl hat fünf Ziffern",
        "city_missing": "Gib eine Stadt ein",
        "address_saved": "Adresse gespeichert",
        "visa": "Visa ··4242",
        "gift_card": "Geschenkkarte, noch {money}",
        "expired_card": "Mastercard ··0505, abgelaufen",
        "cash": "Bar bei Lieferung",
        "gift_card_low": "Die Geschenkkarte deckt die Summe nicht",
        "card_expired": "Diese Karte ist abgelaufen. Wähle eine andere",
        "more_of": "Menge erhöhen",
        "less_of": "Menge verringern",
        "total": "Summe",
        "subtotal": "Zwischensumme",
        "free": "Kostenlos",
        "done": "Fertig",
        "number": "Nr. {number}",
        "gone_order": "Diesen Auftrag gibt es nicht",
    },
}

PAYMENTS = ("visa", "gift_card", "expired_card", "cash")
GIFT_CARD_CENTS = 2_000
_HOMES = (
    ("Sam Reed", "12 Mill Lane", "10115", "Berlin"),
    ("Sam Reed (office)", "7 Harbour Street", "20457", "Hamburg"),
)


def said(names: Mapping[str, str], locale: str) -> str:
    """What something sold is called in the phone's language, else in English."""
    return names.get(locale.partition("-")[0], names["en"])


def chips(
    entries: Sequence[tuple[str, str]], chosen: str, choose: Callable[[str], None], *, view_id: str, side_dp: float = 16
) -> View:
    """A line of (key, words) of which one is chosen; it scrolls sideways."""
    return hscroll(
        row(*(_chip(key, words, key == chosen, choose) for key, words in entries), gap=8, pad=edges(side_dp, 4)),
        id=view_id,
        width=FILL,
    )


def _chip(key: str, words: str, on: bool, choose: Callable[[str], None]) -> View:
    look = Style(
        background="primary_container" if on else None, color="on_primary_container" if on else "on_surface_variant",
        border=None if on else "outline", corner_dp=8, text_sp=14, bold=on, text_align="center", max_lines=1,
    )  # fmt: skip
    return text(
        words, key=f"chip_{key}", cls="com.google.android.material.chip.Chip", checkable=True, checked=on,
        on_tap=lambda: choose(key), pad=edges(14, 8), style=look,
    )  # fmt: skip


def stepper(page: DialogPage, quantity: int, change: Callable[[int], None], *, most: int) -> View:
    """A number with a button on each side; `change` gets the new number. It goes no further than 1 and `most`."""
    less, more = quantity > 1, quantity < most
    ink = {True: "primary", False: "outline"}
    return row(
        icon_button("minus", page.t("less_of"), (lambda: change(quantity - 1)) if less else None, id="quantity_less",
                    enabled=less, style=Style(icon="minus", color=ink[less])),
        text(str(quantity), id="quantity", width=32, style=Style(text_sp=16, bold=True, text_align="center")),
        icon_button("add", page.t("more_of"), (lambda: change(quantity + 1)) if more else None, id="quantity_more",
                    enabled=more, style=Style(icon="add", color=ink[more])),
        align="center",
    )  # fmt: skip


def tile(icon: str, name: str, *, size_dp: float = 56) -> View:
    """The picture of something sold: an icon on a colour of its own."""
    color = kit.AVATAR_COLORS[sum(name.encode()) % len(kit.AVATAR_COLORS)]
    look = Style(icon=icon, icon_dp=size_dp * 0.5, color="#ffffff", background=color, corner_dp=8)
    return image(icon, id="picture", width=size_dp, height=size_dp, pad=edges(size_dp * 0.25), style=look)


def sum_line(words: str, amount: str, *, view_id: str, bold: bool = False) -> View:
    """A line of a bill: words on the left, the amount on the right."""
    look = Style(text_sp=18 if bold else 15, bold=bold)
    return row(
        text(words, weight=1, style=look), text(amount, id=view_id, style=look), key=f"{view_id}_line", width=FILL,
        gap=8,
    )  # fmt: skip


def basket_button(page: DialogPage, desc: str, count: int, on_tap: kit.Act, *, view_id: str) -> View:
    """The cart in the bar, with how many things are in it."""
    badge = Style(text_sp=11, bold=True, color="on_error", background="error", corner_dp=9, text_align="center")
    number = text(str(count), id="badge", width=18, height=18, style=badge) if count else None
    return row(
        image("cart", style=Style(icon="cart")), number, id=view_id, desc=desc, on_tap=on_tap, pad=edges(12), gap=2,
        align="center",
    )  # fmt: skip


class MarketPage(RemotePage):
    """What the pages of an app that sells have in common."""

    def money(self, cents: int) -> str:
        return money(cents, self.host.locale)

    def bar(self, title: str, *actions: View | None) -> View:
        return kit.app_bar(title, *actions, up=self.host.close, up_desc=self.t("up"))


class BrowsePage(Searching, MarketPage):
    """All there is, by one of some kinds and by words: a search bar, chips, and the list under them.

    A page gives the icons of its bar (`actions`), its kinds with the id of their chips, and the list (`found`).
    """

    title = "app_name"
    chosen = ALL
    kinds: ClassVar[tuple[str, ...]] = (ALL,)
    chips_id: ClassVar[str] = "chips"

    def actions(self) -> tuple[View, ...]:
        raise NotImplementedError

    def found(self) -> View:
        raise NotImplementedError

    def view(self) -> View:
        bar = kit.app_bar(self.t("app_name"), self.refresh_button(), *self.actions())
        return kit.screen(bar, self.body(self._content), bottom=self.snackbar.view())

    def _content(self) -> View:
        search = self.search_bar()
        choice = chips([(key, self.t(key)) for key in self.kinds], self.chosen, self._choose, view_id=self.chips_id)
        return column(search, choice, self.found(), width=FILL, weight=1)

    def _choose(self, chosen: str) -> None:
        self.chosen = chosen


def payment_words(page: DialogPage, payment: str) -> str:
    """A way to pay, in the app's language."""
    left = money(GIFT_CARD_CENTS, page.host.locale)
    return page.t(payment, money=left) if payment == "gift_card" else page.t(payment)


def payment_problem(payment: str, total_cents: int) -> str:
    """The key of the words for why a total cannot be paid like this; "" if it can."""
    if payment == "expired_card":
        return "card_expired"
    return "gift_card_low" if payment == "gift_card" and total_cents > GIFT_CARD_CENTS else ""


# --- addresses ---


def install_addresses(store: StateStore, table: str) -> None:
    """Puts the addresses of the first start into the store."""
    rows = [{"_id": at + 1, **dict(zip(FIELDS, home, strict=True))} for at, home in enumerate(_HOMES)]
    store.put(table, {"next": len(rows) + 1, "rows": rows})


def address_line(address: Row) -> str:
    """An address in one line, as orders keep it: "Sam Reed, 12 Mill Lane, 10115 Berlin"."""
    return f"{address['name']}, {address['street']}, {address['postcode']} {address['city']}"


class AddressPage(DialogPage):
    """The form of a new address. A subclass names the table and the draft in which a checkout keeps its choice."""

    title = "add_address"
    table: ClassVar[str] = ""

    def created(self) -> None:
        self.drafts = Drafts(self.host)
        self.values = {**dict.fromkeys(FIELDS, ""), **self.drafts.get("address")}
        self.errors: dict[str, str] = {}

    def view(self) -> View:
        bar = kit.app_bar(
            self.t("add_address"),
            kit.text_button(self.t("save"), self.save, id="save_address"),
            up=self.host.close,
            up_desc=self.t("up"),
        )
        return kit.screen(bar, scroll(*(self._field(name) for name in FIELDS), weight=1, pad=edges(16), gap=12))

    def save(self) -> None:
        values = {name: self.values[name].strip() for name in FIELDS}
        self.errors = {name: f"{name}_missing" for name in FIELDS if name != "postcode" and not values[name]}
        if not (values["postcode"].isascii() and values["postcode"].isdigit() and len(values["postcode"]) == 5):
            self.errors["postcode"] = "postcode_wrong"
        if self.errors:
            return
        number = self.host.store.table(self.table).insert(**values)
        self.drafts.drop("address")
        self.drafts.keep("checkout", {**self.drafts.get("checkout"), "address": str(number)})
        self.host.hide_keyboard()
        self.host.toast(self.t("address_saved"))
        self.host.close()

    def _field(self, name: str) -> View:
        def changed(words: str) -> None:
            self.values[name] = words
            self.errors.pop(name, None)
            self.drafts.keep("address", self.values)

        error = self.t(self.errors[name]) if name in self.errors else ""
        kind = "number" if name == "postcode" else "text"
        return kit.field(self.t(name), self.values[name], changed, view_id=f"edit_{name}", error=error, input=kind)


class Checkout:
    """Where an order goes and how it is paid: what was chosen on this page, else as the last order, else the first.

    The choice is a draft of the app and ends with the order.
    """

    def __init__(self, page: DialogPage, *, addresses: str, orders: str) -> None:
        self._page = page
        self._store = page.host.store
        self._addresses, self._orders = addresses, orders
        self.drafts = Drafts(page.host)

    @property
    def address(self) -> Row | None:
        rows = self._store.table(self._addresses).rows()
        chosen = self.drafts.get("checkout").get("address", "")
        last = self._last().get("address", "")
        picked = [one for one in rows if str(one["_id"]) == chosen] or [
            one for one in rows if address_line(one) == last
        ]
        return next(iter(picked or rows), None)

    @property
    def payment(self) -> str:
        chosen = self.drafts.get("checkout").get("payment", "") or str(self._last().get("payment", ""))
        return chosen if chosen in PAYMENTS else PAYMENTS[0]

    def keep(self, **choice: str) -> None:
        self.drafts.keep("checkout", {**self.drafts.get("checkout"), **choice})

    def get(self, name: str, default: str = "") -> str:
        return self.drafts.get("checkout").get(name, default)

    def done(self) -> None:
        self.drafts.drop("checkout")

    def address_part(self) -> View:
        """The addresses to choose from, and the way to a new one."""
        rows = self._store.table(self._addresses).rows()
        chosen = self.address
        options = [
            option(
                str(one["name"]), address_line(one).partition(", ")[2], key=f"address{one['_id']}",
                on=chosen is not None and one["_id"] == chosen["_id"], choose=self._choice("address", str(one["_id"])),
            )
            for one in rows
        ]  # fmt: skip
        new = kit.text_button(self._page.t("add_address"), lambda: self._page.host.open(ADDRESS), id="add_address")
        return part(self._page.t("deliver_to"), *options, new, key="address_part")

    def payment_part(self) -> View:
        options = [
            option(payment_words(self._page, one), "", key=one, on=one == self.payment,
                   choose=self._choice("payment", one))
            for one in PAYMENTS
        ]  # fmt: skip
        return part(self._page.t("pay_with"), *options, key="payment_part")

    def _choice(self, name: str, value: str) -> kit.Act:
        def choose() -> None:
            self.keep(**{name: value})

        return choose

    def _last(self) -> Row:
        rows = self._store.table(self._orders).rows()
        return rows[-1] if rows else {}


def part(title: str, *body: View | None, key: str) -> View:
    """A part of a checkout: a heading and what belongs to it."""
    return column(kit.section(title), *body, key=key, width=FILL)


def option(words: str, more: str, *, key: str, on: bool, choose: kit.Act) -> View:
    """One of several, with a radio button that only shows the state; the row takes the touch."""
    mark = radio(on, None, id="option_mark", focusable=False)
    return kit.list_row(words, more, key=key, leading=mark, on_tap=choose, ids=("option_title", "option_summary"))
