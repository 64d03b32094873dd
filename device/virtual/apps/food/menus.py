"""What can be ordered and from whom, as the delivery service's server would say it: restaurants, dishes, options.

The document `com.example.food.sold_out` (a list of "cafe/latte") adds to what is sold out from the factory;
`com.example.food.notes` ("cafe": "Closed on Sunday") is what restaurants tell their guests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device.virtual.state import StateStore

PACKAGE = "com.example.food"
SOLD_OUT = f"{PACKAGE}.sold_out"
NOTES = f"{PACKAGE}.notes"


@dataclass(frozen=True, slots=True)
class Extra:
    """One answer to an option, and what it adds to the price."""

    key: str
    names: Mapping[str, str]
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """A question about a dish. Of `many` any number may be chosen; else exactly one, the first unless `asked`, where
    nothing is chosen beforehand and an answer is required."""

    key: str
    names: Mapping[str, str]
    extras: tuple[Extra, ...]
    many: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Dish:
    """One dish of a menu. `names` is by language; `sold_out` holds for good."""

    key: str
    cents: int
    names: Mapping[str, str]
    options: tuple[Option, ...] = ()
    sold_out: bool = False


@dataclass(frozen=True, slots=True)
class Restaurant:
    """`opens` and `closes` are hours of the day; 0 and 24 never close."""

    key: str
    cuisine: str
    names: Mapping[str, str]
    opens: int
    closes: int
    minutes: int
    fee_cents: int
    least_cents: int
    dishes: tuple[Dish, ...]

    def is_open(self, hour: int) -> bool:
        return self.opens <= hour < self.closes


def _n(en: str, zh: str, de: str) -> dict[str, str]:
    return {"en": en, "zh": zh, "de": de}


_SIZE = Option("size", _n("Size", "规格", "Größe"), (
    Extra("small", _n("Small", "小杯", "Klein")),
    Extra("medium", _n("Medium", "中杯", "Mittel"), 40),
    Extra("large", _n("Large", "大杯", "Groß"), 80),
))  # fmt: skip
_MILK = Option("milk", _n("Milk", "奶", "Milch"), (
    Extra("whole", _n("Whole milk", "全脂奶", "Vollmilch")),
    Extra("oat", _n("Oat milk", "燕麦奶", "Hafermilch"), 50),
    Extra("soy", _n("Soy milk", "豆奶", "Sojamilch"), 50),
))  # fmt: skip
_SHOT = Option("more", _n("Extras", "加料", "Extras"), (
    Extra("shot", _n("Extra shot", "加浓", "Extra Espresso"), 90),
    Extra("syrup", _n("Vanilla syrup", "香草糖浆", "Vanillesirup"), 60),
), many=True)  # fmt: skip
_CRUST = Option("crust", _n("Crust", "饼底", "Boden"), (
    Extra("thin", _n("Thin crust", "薄底", "Dünner Boden")),
    Extra("thick", _n("Thick crust", "厚底", "Dicker Boden"), 100),
))  # fmt: skip
_TOPPINGS = Option("more", _n("Toppings", "配料", "Belag"), (
    Extra("olives", _n("Olives", "橄榄", "Oliven"), 120),
    Extra("mushrooms", _n("Mushrooms", "蘑菇", "Pilze"), 130),
    Extra("cheese", _n("Extra cheese", "加芝士", "Extra Käse"), 150),
), many=True)  # fmt: skip
_HEAT = Option("heat", _n("How hot?", "辣度", "Wie scharf?"), (
    Extra("mild", _n("Mild", "微辣", "Mild")),
    Extra("hot", _n("Hot", "中辣", "Scharf")),
    Extra("very_hot", _n("Very hot", "特辣", "Sehr scharf")),
), asked=True)  # fmt: skip

CUISINES = ("coffee", "pizza", "noodles", "sushi")
RESTAURANTS: tuple[Restaurant, ...] = (
    Restaurant("cafe", "coffee", _n("Corner Café", "街角咖啡", "Café an der Ecke"), 0, 24, 20, 190, 600, (
        Dish("latte", 390, _n("Caffè latte", "拿铁", "Caffè Latte"), (_SIZE, _MILK, _SHOT)),
        Dish("espresso", 250, _n("Espresso", "浓缩咖啡", "Espresso"), (_SHOT,)),
        Dish("tea", 320, _n("Mint tea", "薄荷茶", "Minztee"), (_SIZE,)),
        Dish("croissant", 270, _n("Butter croissant", "黄油可颂", "Buttercroissant")),
        Dish("cheesecake", 450, _n("Cheesecake", "芝士蛋糕", "Käsekuchen"), sold_out=True),
    )),
    Restaurant("bluecup", "coffee", _n("Blue Cup", "蓝杯咖啡", "Blaue Tasse"), 0, 24, 30, 0, 0, (
        Dish("latte", 420, _n("Caffè latte", "拿铁", "Caffè Latte"), (_SIZE, _MILK)),
        Dish("muffin", 310, _n("Blueberry muffin", "蓝莓玛芬", "Blaubeermuffin")),
    )),
    Restaurant("vesuvio", "pizza", _n("Pizzeria Vesuvio", "维苏威比萨", "Pizzeria Vesuvio"), 0, 24, 35, 250, 1200, (
        Dish("margherita", 890, _n("Pizza Margherita", "玛格丽特比萨", "Pizza Margherita"), (_CRUST, _TOPPINGS)),
        Dish("funghi", 1050, _n("Pizza Funghi", "蘑菇比萨", "Pizza Funghi"), (_CRUST, _TOPPINGS)),
        Dish("salad", 680, _n("Green salad", "蔬菜沙拉", "Grüner Salat")),
        Dish("lemonade", 350, _n("Lemonade", "柠檬水", "Limonade")),
    )),
    Restaurant("lanzhou", "noodles", _n("Lanzhou Noodles", "兰州拉面", "Lanzhou-Nudeln"), 0, 24, 25, 190, 0, (
        Dish("beef", 1080, _n("Beef noodle soup", "牛肉拉面", "Rindernudelsuppe"), (_HEAT,)),
        Dish("tofu", 940, _n("Tofu noodles", "豆腐拌面", "Tofunudeln"), (_HEAT,)),
        Dish("dumplings", 720, _n("Dumplings", "水饺", "Teigtaschen")),
    )),
    Restaurant("kaiyo", "sushi", _n("Kaiyo Sushi", "海洋寿司", "Kaiyo Sushi"), 17, 23, 45, 290, 1500, (
        Dish("maki", 980, _n("Salmon maki", "三文鱼卷", "Lachs-Maki")),
        Dish("nigiri", 1490, _n("Nigiri plate", "握寿司拼盘", "Nigiri-Teller")),
    )),
)  # fmt: skip
_BY_KEY = {one.key: one for one in RESTAURANTS}


def restaurant_of(key: str) -> Restaurant | None:
    """A restaurant by its key; None if there is none."""
    return _BY_KEY.get(key)


def dish_of(restaurant: Restaurant, key: str) -> Dish | None:
    """A dish of this restaurant by its key; None if there is none."""
    return next((one for one in restaurant.dishes if one.key == key), None)


def is_sold_out(store: StateStore, restaurant: Restaurant, dish: Dish) -> bool:
    """Whether a dish cannot be ordered: for good, or as the store has it."""
    return dish.sold_out or f"{restaurant.key}/{dish.key}" in store.document(SOLD_OUT, [])


def usual(dish: Dish) -> dict[str, list[str]]:
    """The answers that are chosen beforehand, by option."""
    return {one.key: [] if one.many or one.asked else [one.extras[0].key] for one in dish.options}


def price_cents(dish: Dish, chosen: Mapping[str, list[str]]) -> int:
    """What one piece costs with these answers."""
    return dish.cents + sum(
        extra.cents for one in dish.options for extra in one.extras if extra.key in chosen.get(one.key, ())
    )


def unanswered(dish: Dish, chosen: Mapping[str, list[str]]) -> Option | None:
    """The first option that needs an answer and has none."""
    return next((one for one in dish.options if not one.many and not chosen.get(one.key)), None)
