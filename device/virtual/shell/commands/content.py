"""`content`: contacts, messages, calendar and calls, as Android's providers show them; and the settings tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from device.virtual.shell.call import COMMANDS, SERVICES, Call, CommandFailed
from device.virtual.shell.options import decimal, integer
from device.virtual.shell.providers import Provider, find_provider
from device.virtual.shell.where import BadCondition, read_condition

_ONE_VALUE = frozenset(("--uri", "--where", "--sort", "--projection", "--user", "--extra"))
_CONVERT: dict[str, Callable[[str], Any]] = {
    "s": str,
    "i": integer,
    "l": integer,
    "f": decimal,
    "d": decimal,
    "b": lambda text: int(text.lower() in ("true", "1")),
    "n": lambda text: None,
}


@COMMANDS.add("content")
@SERVICES.add("content")
async def content(call: Call) -> int:
    """`content query|insert|update|delete --uri URI [--bind NAME:TYPE:VALUE] [--where SQL] [--projection A:B]`."""
    verb = call.arguments[0] if call.arguments else ""
    given, bound = _read(call.arguments[1:])
    if "--uri" not in given:
        raise CommandFailed("[ERROR] Required argument --uri missing or Illegal argument\n")
    uri = given["--uri"]
    if uri.startswith("content://settings/"):
        return await _settings(call, verb, uri.rstrip("/").rpartition("/")[2], bound)
    found = find_provider(uri)
    if found is None:
        raise CommandFailed(f"[ERROR] Could not find provider: {uri.removeprefix('content://').partition('/')[0]}\n")
    provider, row_id = found
    wanted = _wanted(given.get("--where", ""), row_id)
    store = call.phone.store
    match verb:
        case "query":
            return await _query(call, provider, wanted, given)
        case "insert":
            provider.insert(store, bound)
        case "update":
            provider.update(store, bound, wanted)
        case "delete":
            provider.delete(store, wanted)
        case _:
            raise CommandFailed(f"[ERROR] Unsupported operation: {verb}\n")
    return 0


def _read(arguments: list[str]) -> tuple[dict[str, str], dict[str, Any]]:
    given: dict[str, str] = {}
    bound: dict[str, Any] = {}
    left = list(arguments)
    while left:
        option = left.pop(0)
        if option not in _ONE_VALUE and option != "--bind":
            raise CommandFailed(f"[ERROR] Unsupported argument: {option}\n")
        if not left:
            raise CommandFailed(f"[ERROR] Argument expected after {option}\n")
        value = left.pop(0)
        if option != "--bind":
            given[option] = value
            continue
        name, colon, rest = value.partition(":")
        kind, second, text = rest.partition(":")
        if not (colon and second and kind in _CONVERT):
            raise CommandFailed(f"[ERROR] Binding not well formed: {value}\n")
        bound[name] = _CONVERT[kind](text)
    return given, bound


def _wanted(where: str, row_id: int | None) -> Callable[[Mapping[str, Any]], bool]:
    try:
        condition = read_condition(where)
    except BadCondition as error:
        raise CommandFailed(
            f"Error while accessing provider\nandroid.database.sqlite.SQLiteException: {error}\n"
        ) from error
    return lambda row: (row_id is None or row["_id"] == row_id) and condition(row)


async def _query(
    call: Call, provider: Provider, wanted: Callable[[Mapping[str, Any]], bool], given: dict[str, str]
) -> int:
    rows = provider.rows(call.phone.store, wanted)
    column, _, direction = given.get("--sort", "_id").partition(" ")
    rows.sort(key=lambda row: (row.get(column) is None, row.get(column)), reverse=direction.strip().upper() == "DESC")
    chosen = given["--projection"].split(":") if "--projection" in given else None
    for number, row in enumerate(rows):
        shown = row if chosen is None else {name: row.get(name) for name in chosen}
        await call.line(f"Row: {number} " + ", ".join(f"{name}={_spell(value)}" for name, value in shown.items()))
    if not rows:
        await call.line("No result found.")
    return 0


def _spell(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return "NULL" if value is None else str(value)


async def _settings(call: Call, verb: str, space: str, bound: dict[str, Any]) -> int:
    match verb:
        case "query":
            for number, (name, value) in enumerate(sorted(call.phone.settings.all(space).items())):
                await call.line(f"Row: {number} _id={number + 1}, name={name}, value={value}")
        case "insert" if {"name", "value"} <= set(bound):
            call.phone.settings.put(space, str(bound["name"]), str(bound["value"]))
        case _:
            raise CommandFailed(f"[ERROR] Unsupported operation: {verb}\n")
    return 0
