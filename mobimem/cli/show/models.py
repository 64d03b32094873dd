"""The models a command may ask. What cannot be understood of `models.toml` is a warning: memory needs no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mobimem.errors import BadInput
from mobimem.llm.client import ModelClient
from mobimem.service.orders import open_client

if TYPE_CHECKING:
    from rich.console import Console

    from mobimem.llm.settings import Role


def at_hand(screen: Console, *roles: Role) -> tuple[ModelClient | None, BadInput | None]:
    """The models, to be closed; None, and why, where the file is not understood, which is said here."""
    try:
        return open_client(*roles), None
    except BadInput as error:
        told = f"No model is asked: {error.cause}. {error.next_step}"
        screen.print(told, style="yellow", markup=False, soft_wrap=True)
        return None, error
