"""Android's own spellings, shared by several commands: components, object ids, failed services."""

from __future__ import annotations

import zlib

from device.virtual.shell.call import CommandFailed
from device.virtual.shell.phone import Phone

JAVA_FAILED = 255  # exit status of a command that ends in a Java exception


def short_activity(package: str, activity: str) -> str:
    """ ".Main" for an activity that lies in its package, else the whole name."""
    return activity[len(package) :] if activity.startswith(package + ".") else activity


def component(package: str, activity: str) -> str:
    """ "package/.Main"."""
    return f"{package}/{short_activity(package, activity)}"


def full_activity(package: str, activity: str) -> str:
    """The whole name of an activity; one that begins with a dot is the package's own."""
    return package + activity if activity.startswith(".") else activity


def object_id(*names: str) -> str:
    """The hexadecimal identity Android prints for an object: the same for the same names."""
    return f"{zlib.crc32('/'.join(names).encode()) & 0xFFFFFFF:07x}"


def task_id(package: str) -> int:
    """The number of an app's task: the same for a package always."""
    return zlib.crc32(package.encode()) % 900 + 10


def main_activity(phone: Phone, package: str) -> str | None:
    """The activity a launcher starts; None if there is none."""
    found = phone.packages.find(package)
    return None if found is None or found.app is None else found.app.main


def java_failure(action: str, error: str) -> CommandFailed:
    """How a system service reports an exception to the shell."""
    return CommandFailed(f"\nException occurred while executing '{action}':\n{error}\n", JAVA_FAILED)
