"""Use case: a log of uiautomator2 calls or a Maestro flow becomes a recipe, by being shown once on a device."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from device.clock import Clock, SystemClock
from device.protocol import Device
from mobimem import folders
from mobimem.errors import BadInput
from mobimem.running import holding
from mobimem.service.recipes import library
from mobimem.service.runs import device_facts, running_now
from replay.distill import distill
from replay.importing import Imported, read_maestro, read_uiautomator2, show
from replay.importing.showing import Allow
from replay.lesson_trace import write_lesson
from replay.library import Entry, file_name
from replay.trace import Header


def read_import(file: Path) -> Imported:
    """What a file asks for: a Maestro flow (`.yaml`, `.yml`), else a log of uiautomator2 calls. Nothing is run.

    Raises:
        BadInput: it cannot be read. ImportRefused: a line is not understood.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read ({error})") from error
    return read_maestro(text) if file.suffix in (".yaml", ".yml") else read_uiautomator2(text)


def import_task(
    imported: Imported,
    name: str,
    values: Mapping[str, str],
    allow: Allow,
    *,
    serial: str | None = None,
    adb_port: int | None = None,
) -> Entry:
    """Does what was imported once on a device over adb, and keeps it as a recipe.

    Raises:
        RecipeInvalid: the name cannot be kept (nothing was done), or no step uses one of the values. OwnerNeeded: a run
        is on this device. ImportRefused: a line fits nothing on the screen, or was not allowed. DeviceError.
        Nothing is kept then, though what came before was done on the device.
    """
    from device.open import open_device

    file_name(name)
    device = open_device(serial, adb_port=adb_port)
    try:
        return import_on(device, imported, name, values, allow)
    finally:
        device.close()


def import_on(
    device: Device,
    imported: Imported,
    name: str,
    values: Mapping[str, str],
    allow: Allow,
    *,
    clock: Clock | None = None,
) -> Entry:
    """The same on a device that is open, but for the name, which only the library looks at.

    Raises:
        As `import_task`.
    """
    clock = clock or SystemClock()
    info, started = device.info(), clock.now()
    running = running_now(name, f"import of {name}", info, started)
    run = running.run
    with holding(folders.running_folder(), running), device.awake():
        done = show(device, imported.wishes, allow, clock=clock)
    task = " ".join((name, *values.values()))
    recipe = distill(done, recipe_id=run, name=name, task=task, values=values)
    header = Header(
        trace_id=run, name=name, task=task, source="import", device=device_facts(info),
        started_at=started.isoformat(), recipe_id=run, values=dict(values),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(dir=folders.runs_folder().parent, prefix=".import-") as folder:
        write_lesson(Path(folder) / "trace", header, recipe, done, serial=info.serial, clock=clock)
        return library().save(recipe, Path(folder) / "trace", at=clock.now())
