"""RPC methods that look at objects: do they exist, how many are there, what are they, and names for children."""

from __future__ import annotations

from typing import Any

from device.virtual.u2 import params
from device.virtual.u2.automation import Automation
from device.virtual.u2.errors import UiObjectNotFound
from device.virtual.u2.methods_scrolling import scroll_into_view
from device.virtual.u2.selector import Criteria, Selector, find_all, parse
from device.virtual.u2.table import MethodTable
from device.virtual.window.frame import Rect
from device.virtual.window.hierarchy import Node

table = MethodTable()

_TEXT_KINDS = ("edit", "text", "switch", "checkbox", "radio")  # kinds of views whose text is "" rather than absent


@table.method("exist")
def exist(automation: Automation, target: Any) -> bool:
    return automation.exists(automation.selector(target))


@table.method("count")
def count(automation: Automation, target: Any) -> int:
    return len(automation.find_all(automation.selector(target)))


@table.method("objInfo")
def obj_info(automation: Automation, target: Any) -> dict[str, Any]:
    return _info(automation.find(target))


@table.method("objInfoOfAllInstances")
def obj_info_of_all_instances(automation: Automation, target: Any) -> list[dict[str, Any]]:
    return [_info(node) for node in automation.find_all(automation.selector(target))]


@table.method("getUiObject")
def get_ui_object(automation: Automation, target: Any) -> str:
    return automation.named.keep(automation.selector(target))


@table.method("childByInstance")
def child_by_instance(automation: Automation, collection: Any, child: Any, instance: Any) -> str:
    """A name for the n-th child; not looked for before the name is used."""
    selector = automation.selector(collection).child(parse(child)).nth(params.whole(instance))
    return automation.named.keep(selector)


@table.method("childByText")
async def child_by_text(
    automation: Automation, collection: Any, child: Any, text: Any, allow_scroll: Any = False
) -> str:
    """A name for the first child that shows the text itself or in something below it."""
    return await _child_with(automation, collection, child, ("text", text), allow_scroll=allow_scroll)


@table.method("childByDescription")
async def child_by_description(
    automation: Automation, collection: Any, child: Any, text: Any, allow_scroll: Any = False
) -> str:
    return await _child_with(automation, collection, child, ("description", text), allow_scroll=allow_scroll)


async def _child_with(
    automation: Automation, collection: Any, child: Any, shows: tuple[str, Any], *, allow_scroll: Any
) -> str:
    field, words = shows[0], params.words(shows[1])
    wanted = Selector(Criteria(((field, words),)))
    start = automation.selector(collection)
    if params.flag(allow_scroll):
        await scroll_into_view(automation, start, wanted, vertical=True)
    rows = start.child(parse(child))
    for instance, row in enumerate(automation.find_all(rows)):
        if find_all(wanted, list(row.walk())):
            return automation.named.keep(rows.nth(instance))
    raise UiObjectNotFound(f'{field}= "{words}"')


def _info(node: Node) -> dict[str, Any]:
    return {
        "bounds": _sides(node.box.bounds),
        "visibleBounds": _sides(node.bounds),
        "childCount": len(node.children),
        "className": node.cls,
        "contentDescription": node.desc or None,
        "packageName": node.package,
        "resourceName": node.resource_id or None,
        "text": node.text if node.text or node.box.view.kind in _TEXT_KINDS else None,
        "checkable": node.checkable,
        "checked": node.checked,
        "clickable": node.clickable,
        "enabled": node.enabled,
        "focusable": node.focusable,
        "focused": node.focused,
        "longClickable": node.long_clickable,
        "scrollable": node.scrollable,
        "selected": node.selected,
    }


def _sides(rect: Rect) -> dict[str, int]:
    return {"left": rect.left, "top": rect.top, "right": rect.right, "bottom": rect.bottom}
