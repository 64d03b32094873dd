"""Logs and flows of other tools as wishes: what to do, named as they name it. They become a recipe when shown once."""

from __future__ import annotations

from replay.importing.maestro import read_maestro
from replay.importing.showing import show
from replay.importing.uiautomator2 import read_uiautomator2
from replay.importing.wishes import Imported, Wish

__all__ = ["Imported", "Wish", "read_maestro", "read_uiautomator2", "show"]
