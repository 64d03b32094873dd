"""Use case: what stands between this computer and its phones, and the acceptance run on one phone."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from device.android.diagnose import Finding, diagnose, gather

PACKAGES = ("mobimem", "uiautomator2", "adbutils", "pillow", "lxml", "fastapi", "uvicorn")


@dataclass(frozen=True, slots=True)
class DoctorResult:
    """`well` is False when a finding is a problem; warnings do not count."""

    well: bool
    findings: tuple[Finding, ...]
    python: str
    system: str
    versions: dict[str, str]


def examine(*, adb_port: int | None = None) -> DoctorResult:
    """Looks at adb, its server, the devices and the fonts; changes nothing except that adb's server is started."""
    findings = tuple(diagnose(gather(adb_port)))
    return DoctorResult(
        well=not any(finding.severity == "problem" for finding in findings),
        findings=findings,
        python=platform.python_version(),
        system=platform.platform(terse=True),
        versions={name: installed_version(name) for name in PACKAGES},
    )


def accept(
    serial: str | None, *, adb_port: int | None = None, on_result: Callable[[Any], None] = lambda _: None
) -> dict[str, Any]:
    """Checks on one phone every call we rely on. Takes up to ten minutes on a real phone; sends nothing.

    Raises:
        DeviceError: the phone cannot be reached at all; a check that fails is in the report instead.
    """
    from device.android import acceptance
    from device.open import open_device

    device = open_device(serial, adb_port=adb_port)
    try:
        return acceptance.run(device, on_result=on_result)
    finally:
        device.close()


def installed_version(name: str) -> str:
    """The version of an installed distribution, or "not installed"."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
