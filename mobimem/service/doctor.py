"""Use case: what stands between this computer and its phones, and the acceptance run on one phone."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from device.android.diagnose import Finding, diagnose, gather
from mobimem import folders

PACKAGES = ("mobimem", "uiautomator2", "adbutils", "pillow", "lxml", "fastapi", "uvicorn")


@dataclass(frozen=True, slots=True)
class Embedder:
    """Which embedder the memory uses: `ready` is whether it is the semantic one; `fix` is "" where it is."""

    name: str
    kind: str
    ready: bool
    detail: str
    fix: str


@dataclass(frozen=True, slots=True)
class DoctorResult:
    """`well` is False when a finding is a problem; warnings do not count."""

    well: bool
    findings: tuple[Finding, ...]
    python: str
    system: str
    versions: dict[str, str]
    embedder: Embedder


def examine(*, adb_port: int | None = None) -> DoctorResult:
    """Looks at adb, its server, the devices and the fonts; changes nothing except that adb's server is started."""
    findings = tuple(diagnose(gather(adb_port)))
    return DoctorResult(
        well=not any(finding.severity == "problem" for finding in findings),
        findings=findings,
        python=platform.python_version(),
        system=platform.platform(terse=True),
        versions={name: installed_version(name) for name in PACKAGES},
        embedder=_embedder(),
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


def _embedder() -> Embedder:
    """Loads nothing and asks nobody."""
    try:
        from memory.embedding.choose import describe
    except ModuleNotFoundError as error:
        missing = f"{error.name} is not installed: nothing is remembered"
        return Embedder("none", "none", False, missing, "pip install 'mobimem[memory]'")
    report = describe(folders.home())
    return Embedder(report.name, report.kind, report.ready, report.detail, "" if report.ready else "mobimem setup")


def installed_version(name: str) -> str:
    """The version of an installed distribution, or "not installed"."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
