"""What the shop sells, as its server would say it: products in categories, in variants with a stock each.

How many are left is the stock less what was ordered and not cancelled, so that orders are all the shop has to remember.
The document `com.example.shop.stock` ("mug/blue": 0) replaces the factory's numbers, `com.example.shop.names`
("mug": "Stoneware mug, reduced") what the sellers call their products.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device.virtual.state import StateStore

PACKAGE = "com.example.shop"
STOCK = f"{PACKAGE}.stock"
NAMES = f"{PACKAGE}.names"
ORDERS = "shop_orders"
FEW = 3  # so many or fewer left are said


@dataclass(frozen=True, slots=True)
class Variant:
    """One kind of a product (a size, a colour). `names` is by language."""

    key: str
    names: Mapping[str, str]
    stock: int


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `cents` is its price, `names` is by language."""

    key: str
    category: str
    icon: str
    cents: int
    names: Mapping[str, str]
    variants: tuple[Variant, ...]


def _n(en: str, zh: str, de: str) -> dict[str, str]:
    return {"en": en, "zh": zh, "de": de}


def _only(stock: int) -> tuple[Variant, ...]:
    return (Variant("one", {}, stock),)


_BLUE, _RED, _BLACK = _n("Blue", "蓝色", "Blau"), _n("Red", "红色", "Rot"), _n("Black", "黑色", "Schwarz")
_SMALL, _MEDIUM, _LARGE = _n("Small", "小号", "Klein"), _n("Medium", "中号", "Mittel"), _n("Large", "大号", "Groß")

CATEGORIES = ("kitchen", "clothes", "electronics", "books")
PRODUCTS: tuple[Product, ...] = (
    Product("mug", "kitchen", "food", 1290, _n("Stoneware mug", "粗陶马克杯", "Steingutbecher"),
            (Variant("blue", _BLUE, 12), Variant("red", _RED, 2), Variant("black", _BLACK, 0))),
    Product("kettle", "kitchen", "food", 4900, _n("Electric kettle", "电水壶", "Wasserkocher"), _only(8)),
    Product("pan", "kitchen", "food", 3450, _n("Frying pan", "煎锅", "Bratpfanne"),
            (Variant("small", _SMALL, 5), Variant("large", _LARGE, 4))),
    Product("knife", "kitchen", "food", 2790, _n("Bread knife", "面包刀", "Brotmesser"), _only(0)),
    Product("scarf", "clothes", "heart", 2250, _n("Wool scarf", "羊毛围巾", "Wollschal"),
            (Variant("blue", _BLUE, 6), Variant("red", _RED, 6))),
    Product("socks", "clothes", "heart", 890, _n("Hiking socks", "徒步袜", "Wandersocken"),
            (Variant("small", _SMALL, 9), Variant("medium", _MEDIUM, 9), Variant("large", _LARGE, 1))),
    Product("shirt", "clothes", "heart", 1990, _n("Cotton shirt", "棉质衬衫", "Baumwollhemd"),
            (Variant("small", _SMALL, 0), Variant("medium", _MEDIUM, 7), Variant("large", _LARGE, 7))),
    Product("headphones", "electronics", "volume", 7990, _n("Headphones", "头戴式耳机", "Kopfhörer"),
            (Variant("black", _BLACK, 5), Variant("red", _RED, 3))),
    Product("cable", "electronics", "battery", 690, _n("USB-C cable", "USB-C 数据线", "USB-C-Kabel"), _only(40)),
    Product("lamp", "electronics", "sun", 3290, _n("Desk lamp", "台灯", "Schreibtischlampe"), _only(6)),
    Product("radio", "electronics", "signal", 5490, _n("Kitchen radio", "厨房收音机", "Küchenradio"), _only(0)),
    Product("atlas", "books", "globe", 3900, _n("Atlas of rivers", "河流地图集", "Atlas der Flüsse"), _only(4)),
    Product("cookbook", "books", "note", 2490, _n("Soup cookbook", "汤谱", "Suppenkochbuch"), _only(11)),
    Product("novel", "books", "note", 1190, _n("The Old Ways", "古道", "Alte Wege"), _only(15)),
)  # fmt: skip
_BY_KEY = {product.key: product for product in PRODUCTS}


def product_of(key: str) -> Product | None:
    """A product by its key; None if there is none."""
    return _BY_KEY.get(key)


def variant_of(product: Product, key: str) -> Variant | None:
    """A variant of this product by its key; None if there is none."""
    return next((one for one in product.variants if one.key == key), None)


def left(store: StateStore, product: Product, variant: Variant) -> int:
    """How many can still be ordered."""
    stock = int(store.document(STOCK, {}).get(f"{product.key}/{variant.key}", variant.stock))
    ordered = sum(
        int(line["quantity"])
        for order in store.table(ORDERS).rows(lambda row: row["status"] != "cancelled")
        for line in order["items"]
        if (line["product"], line["variant"]) == (product.key, variant.key)
    )
    return max(0, stock - ordered)
