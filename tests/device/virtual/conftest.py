"""Points adbutils at this process's private adb server before any test module imports it (see `tests.adbserver`)."""

from __future__ import annotations

import tests.adbserver  # noqa: F401 - for what importing it does
