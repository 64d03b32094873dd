"""A recipe for other tools: a plain uiautomator2 script, a Maestro flow, JSON."""

from __future__ import annotations

from replay.export.as_json import to_json
from replay.export.maestro import to_maestro
from replay.export.plan import Plan, plan
from replay.export.uiautomator2 import to_uiautomator2

__all__ = ["Plan", "plan", "to_json", "to_maestro", "to_uiautomator2"]
