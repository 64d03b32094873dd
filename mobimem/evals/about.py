"""What every evaluation states beside its figures: the machine, the versions, the time."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import Any

from mobimem.service.doctor import PACKAGES, installed_version


def about() -> dict[str, Any]:
    """JSON data: `at` (UTC), `machine` and `versions`. No host name, user or path."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"system": platform.system(), "arch": platform.machine(), "cpus": os.cpu_count()},
        "versions": {"python": platform.python_version(), **{name: installed_version(name) for name in PACKAGES}},
    }
