"""RPC methods for text: of objects, of the focused field, of the clipboard, and of toasts."""

from __future__ import annotations

from typing import Any

from device.virtual.u2 import params
from device.virtual.u2.automation import Automation
from device.virtual.u2.table import MethodTable

table = MethodTable()


@table.method("getText")
def get_text(automation: Automation, target: Any) -> str:
    return automation.find(target).text


@table.method("setText")
def set_text(automation: Automation, target: Any, text: Any) -> bool:
    """Focuses the field and replaces what it holds; false where the object takes no text."""
    node = automation.find(target)
    return automation.windows.set_text(node.box.path, node.window.name, params.words(text))


@table.method("clearTextField")
def clear_text_field(automation: Automation, target: Any) -> None:
    set_text(automation, target, "")


@table.method("clearInputText")
def clear_input_text(automation: Automation) -> None:
    """Empties the focused field."""
    automation.windows.clear_text()


@table.method("setClipboard")
def set_clipboard(automation: Automation, label: Any, text: Any) -> None:
    """`label` is what Android would show beside the clip; nothing here shows it."""
    automation.windows.clipboard = params.words(text)


@table.method("getClipboard")
def get_clipboard(automation: Automation) -> str | None:
    return automation.windows.clipboard


@table.method("pasteClipboard")
def paste_clipboard(automation: Automation) -> None:
    """Types the clipboard at the cursor of the focused field."""
    automation.windows.paste()


@table.method("getLastToast")
def get_last_toast(automation: Automation) -> str | None:
    return automation.windows.last_toast()


@table.method("clearLastToast")
def clear_last_toast(automation: Automation) -> None:
    automation.windows.clear_last_toast()


@table.method("getLastTraversedText")
def get_last_traversed_text(automation: Automation) -> str | None:
    """Always null: no web view here announces what it highlights."""
    return None


@table.method("clearLastTraversedText")
def clear_last_traversed_text(automation: Automation) -> None:
    """Nothing to clear, see `getLastTraversedText`."""
