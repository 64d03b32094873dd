"""`mobimem eval upstream --src FOLDER`: the clients' own end-to-end tests, unmodified, against the virtual phone.

FOLDER holds checkouts of openatx/uiautomator2 and openatx/adbutils, which are read and never changed: each suite is
copied to a temporary folder and run by its own pytest over a private adb server and a fresh phone. The one edit is the
adb port that adbutils' `test_adb.py` has written into it. Needs pytest (the `dev` extra). Left out, as upstream leaves
it out of its own runs: `skip_test_image.py` (not collected by its name).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from device.android import adb
from device.android.own_server import OwnAdbServer
from device.virtual.phone import PhoneConfig
from device.virtual.spawn import ChildPhone
from mobimem.errors import BadInput
from mobimem.evals.about import about

TIMEOUT_S = 900


@dataclass(frozen=True, slots=True)
class Suite:
    """One of upstream's test folders. `usb` names tests that ask for a USB transport, which no TCP phone has."""

    repository: str
    folder: str
    usb: tuple[str, ...] = ()


SUITES = (
    Suite("adbutils", "e2etests", usb=("test_wait_for",)),
    Suite("uiautomator2", "mobile_tests"),
    Suite("uiautomator2", "demo_tests"),
)


def evaluate(src: Path) -> dict[str, Any]:
    """Runs all suites.

    Returns:
        JSON data: per suite the counts, the failed and skipped tests with their reasons, and the commit it is from.

    Raises:
        BadInput: a checkout is missing from `src`.
    """
    for suite in SUITES:
        if not (src / suite.repository / suite.folder).is_dir():
            raise BadInput(
                f"{src} has no {suite.repository}/{suite.folder}",
                next_step=f"Check out https://github.com/openatx/{suite.repository} into {src}.",
            )
    return {"eval": "upstream", **about(), "suites": [_run(src, suite) for suite in SUITES]}


def _run(src: Path, suite: Suite) -> dict[str, Any]:
    start_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mobimem-upstream-") as folder, OwnAdbServer() as server:
        copy = Path(folder) / suite.folder
        shutil.copytree(src / suite.repository / suite.folder, copy)
        _use_port(copy, server.port)
        with ChildPhone(PhoneConfig()) as phone:
            adb.connect(adb.server(server.port), phone.serial)
            environment = {**server.environment, "ANDROID_SERIAL": phone.serial, "PYTHONDONTWRITEBYTECODE": "1"}
            ran = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=result.xml"],
                cwd=copy,
                env={name: value for name, value in environment.items() if name != "PYTEST_ADDOPTS"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        result = copy / "result.xml"
        if not result.exists():
            raise BadInput(f"pytest did not run in {suite.folder}: {(ran.stdout + ran.stderr)[-500:]}")
        cases = etree.parse(str(result)).getroot().iter("testcase")
        counted = _count(suite, list(cases))
    return {
        "suite": f"{suite.repository}/{suite.folder}",
        "commit": _commit(src / suite.repository),
        **counted,
        "seconds": round(time.monotonic() - start_s, 1),
    }


def _count(suite: Suite, cases: list[Any]) -> dict[str, Any]:
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    wanting = [case.get("name") for case in failed]
    return {
        "of": len(cases) - len(skipped),
        "passed": len(cases) - len(skipped) - len(failed),
        "failed": wanting,
        "failed_for_want_of_usb": [name for name in wanting if name in suite.usb],
        "skipped_by_upstream": {case.get("name"): case.find("skipped").get("message", "") for case in skipped},
    }


def _use_port(copy: Path, port: int) -> None:
    file = copy / "test_adb.py"
    if file.exists():
        file.write_text(file.read_text(encoding="utf-8").replace("5037", str(port)), encoding="utf-8")


def _commit(checkout: Path) -> str:
    git = shutil.which("git")
    if git is None:
        return "unknown"
    said = subprocess.run(
        [git, "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True, check=False,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(checkout.parent)},
    )  # fmt: skip
    return said.stdout.strip() or "unknown"
