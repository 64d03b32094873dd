"""`Selector`: how to find an element again. Several independent pieces of evidence, never a place alone.

Made on the screen where the element was used; plain JSON data that outlives releases (`VERSION` moves with its form).
Each text may hold slots (`{contact}`): `fill(values)` puts the values of this run in place, and what a slot filled must
then be there, literally. `needs` are the pieces that told the element from all others on its own screen: they have to
agree when it is sought (`perception.locate`). `page` and `known` say what else was there: what was another element
then is another element now.
State (focus, checks, selection, typed text) is never evidence. A password field's text is never stored.
Idea: weighed evidence of Similo (Nass et al., 2023), and AgentRR's rule that replay trusts a check and not a place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from device.actions import Size
from perception.element import ENABLED, Bounds, Element
from perception.errors import SelectorMalformed, SlotUnfilled
from perception.features import Features, changes_text, features, role
from perception.identity import ScreenIdentity, identity, packed, unpacked
from perception.screen import Screen
from perception.words import filled, slots_in, template

VERSION: Final = 2
READABLE: Final = (1, 2)  # 1 had neither `within` nor `rank`: they are unknown then, and nothing is held against it


@dataclass(frozen=True, slots=True)
class Selector:
    """Evidence for one element. Texts are templates (see `perception.words`), normalised only when compared.

    `name` is the text it goes by; `text`, `description`, `hint` and `label` (what stands inside) are all it says, and
    `within` is the token of what stands in it where it says something itself; `row` is what else its list item says,
    `near` what is said next to it. `shape` is the chain of classes above it, `trail` its positions among `siblings` on
    the way up, `inside` the classes below it, `bounds` its place on a screen of `size`. `twin` of `twins`: its rank
    among elements nothing but their position tells apart. `id_count` shared its id, `own_count` its `own` token (class,
    id and all it says), and `rank` is its place among those; -1 if unknown. `flow`: it lay in something that scrolls.
    """

    name: str
    text: str
    description: str
    hint: str
    label: tuple[str, ...]
    resource_id: str
    id_count: int
    cls: str
    role: int
    enabled: bool
    row: tuple[str, ...]
    near: str
    shape: int
    trail: tuple[int, ...]
    siblings: int
    inside: int
    flow: bool
    bounds: Bounds
    size: Size
    twin: int
    twins: int
    needs: tuple[str, ...]
    own: int
    own_count: int
    known: frozenset[int]
    page: ScreenIdentity
    filled_with: tuple[str, ...] = ()
    within: int = 0
    rank: int = -1

    @property
    def entry(self) -> str:
        return self.resource_id.rpartition("/")[2]

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots that still need a value."""
        texts = (self.name, self.text, self.description, self.hint, *self.label, *self.row, self.near)
        return tuple(dict.fromkeys(slot for text in texts for slot in slots_in(text)))

    def fill(self, values: Mapping[str, str]) -> Selector:
        """The selector of this run: every slot replaced by its value. Texts beside a slot may differ then.

        Raises:
            SlotUnfilled: a slot has no value, or an empty one; nothing is located by an empty name.
        """
        slots = self.slots
        missing = [slot for slot in slots if not values.get(slot, "").strip()]
        if missing:
            raise SlotUnfilled(f"no value for {', '.join(missing)}")
        if not slots:
            return self

        def these(texts: tuple[str, ...]) -> tuple[str, ...]:
            with_slots = tuple(filled(text, values) for text in texts if slots_in(text))
            return with_slots or texts  # the texts beside a slot belong to the value that stood there

        return replace(
            self,
            name=filled(self.name, values),
            text=filled(self.text, values),
            description=filled(self.description, values),
            hint=filled(self.hint, values),
            label=these(self.label),
            row=these(self.row),
            near=filled(self.near, values),
            filled_with=tuple(values[slot] for slot in slots),
        )

    def to_data(self) -> dict[str, Any]:
        """Plain JSON data; `from_data` is its inverse."""
        return {
            "version": VERSION,
            "name": self.name,
            "text": self.text,
            "description": self.description,
            "hint": self.hint,
            "label": list(self.label),
            "resource_id": self.resource_id,
            "id_count": self.id_count,
            "cls": self.cls,
            "role": self.role,
            "enabled": self.enabled,
            "row": list(self.row),
            "near": self.near,
            "shape": self.shape,
            "trail": list(self.trail),
            "siblings": self.siblings,
            "inside": self.inside,
            "flow": self.flow,
            "bounds": list(self.bounds),
            "size": [self.size.width_px, self.size.height_px],
            "twin": self.twin,
            "twins": self.twins,
            "needs": list(self.needs),
            "own": self.own,
            "own_count": self.own_count,
            "known": packed(self.known),
            "page": self.page.to_data(),
            "filled_with": list(self.filled_with),
            "within": self.within,
            "rank": self.rank,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Selector:
        """Reads what `to_data` wrote.

        Raises:
            SelectorMalformed: another version, or fields missing or of another form; the message names them.
        """
        if not isinstance(data, Mapping) or data.get("version") not in READABLE:
            raise SelectorMalformed(f"not a selector of version {' or '.join(map(str, READABLE))}")
        rest = {key: value for key, value in data.items() if key != "version"}
        try:
            width_px, height_px = rest["size"]
            rest.update(
                size=Size(int(width_px), int(height_px)),
                bounds=Bounds(*(int(edge) for edge in rest["bounds"])),
                known=unpacked(rest["known"]),
                page=ScreenIdentity.from_data(rest["page"]),
                **{key: tuple(rest[key]) for key in ("label", "row", "trail", "needs", "filled_with")},
            )
            return cls(**rest)
        except (KeyError, TypeError, ValueError) as error:
            raise SelectorMalformed(f"no selector: {error!r}") from error


def make_selector(screen: Screen, element: Element, values: Mapping[str, str] | None = None) -> Selector:
    """The evidence for finding `element` again, from the screen it stands on.

    Args:
        values: slot name -> the text that stood for it in this run. Where such a text stands in the evidence as whole
            words, the slot takes its place.

    Raises:
        ValueError: the element is of another screen.
    """
    if not (0 <= element.index < len(screen.elements)) or screen.elements[element.index] is not element:
        raise ValueError("the element is of another screen: take it from this screen's elements")
    derived = features(screen)
    needs, twins = _needs(screen, derived, element)
    text = "" if element.password or changes_text(element) else element.text
    bare = _Templates(values or {})
    label = bare.all(derived.label(element))
    own, row = derived.own_token(element), derived.row(element)
    equal = derived.equal(derived.rivals(element), own, row if "row" in needs else None)
    return Selector(
        name=_name(bare.of(derived.spoken_name(element)), label),
        text=bare.of(text),
        description=bare.of(element.description),
        hint=bare.of(element.hint),
        label=label,
        resource_id=element.resource_id,
        id_count=len(derived.with_entry(element.entry)),
        cls=element.cls,
        role=role(element),
        enabled=bool(element.flags & ENABLED),
        row=bare.all(row),
        near=bare.of(derived.near(element)),
        shape=derived.shapes[element.index],
        trail=derived.trail(element),
        siblings=derived.siblings(element),
        inside=derived.inside(element),
        flow=derived.in_flow(element),
        bounds=element.bounds,
        size=screen.size,
        twin=twins.index(element.index),
        twins=len(twins),
        needs=needs,
        own=own,
        own_count=len(equal),
        known=derived.own_tokens(),
        page=identity(screen),
        within=derived.within(element),
        rank=equal.index(element.index) if element.index in equal else -1,
    )


def _name(name: str, label: tuple[str, ...]) -> str:
    """What a slot stands for names a thing better than what stands first in it: a contact's initial on a disc."""
    if slots_in(name):
        return name
    return next((text for text in label if slots_in(text)), name)


class _Templates:
    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def of(self, text: str) -> str:
        return template(text, self.values)

    def all(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(template(text, self.values) for text in texts)


_OF: Final[dict[str, Callable[[Features, Element], object]]] = {
    "name": lambda derived, element: derived.name(element),
    "id": lambda derived, element: element.entry,
    "role": lambda derived, element: (element.cls, role(element)),
    "row": lambda derived, element: derived.row(element)[:1],  # what its list item says first
    "full": lambda derived, element: derived.full(element),
    "line": lambda derived, element: derived.row(element),
    "within": lambda derived, element: derived.within(element),
    "near": lambda derived, element: derived.near(element),
    "shape": lambda derived, element: derived.shapes[element.index],
    "inside": lambda derived, element: (
        0 if element.resource_id or derived.name(element) else derived.inside(element)  # what has neither, only
    ),
}
PIECES: Final = tuple(_OF)  # in the order they are asked for: from what it says to where it hangs


def _needs(screen: Screen, derived: Features, element: Element) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The pieces that tell the element from the others, in order, and those that none of them tells apart."""
    group = [other for other in screen.elements if other.visible or other.index == element.index]
    needs: list[str] = []
    for name, of in _OF.items():
        wanted = of(derived, element)
        left = [other for other in group if of(derived, other) == wanted]
        if len(left) < len(group):
            needs.append(name)
        group = left
        if len(group) == 1:
            break
    return tuple(needs), tuple(other.index for other in group)
