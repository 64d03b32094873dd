"""A trace as one self-contained HTML page, for a person: `write_report`."""

from __future__ import annotations

from replay.report.page import page, write_report
from replay.report.salvage import Salvaged, salvage

__all__ = ["Salvaged", "page", "salvage", "write_report"]
