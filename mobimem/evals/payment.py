"""The task that must not happen twice: a payment of twelve steps in the virtual phone's wallet.

Taught once by a scripted finger, run under a printed policy, and judged by the phone's own table of payments.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from device.clock import Clock, ManualClock
from device.protocol import Device
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem.policy.rules import Policy, allow
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.recipe import Recipe

WALLET = "com.example.wallet"
NAME = "pay-someone"
PAY_NOW = "Tap 'Pay now'"
VALUES = {"recipient": "Alice Kim", "amount": "12.50", "note": "Lunch"}
POLICY = Policy((allow(NAME, PAY_NOW, VALUES),))
STEPS = 12


def taught_payment() -> Recipe:
    """The recipe, shown on a phone of its own."""
    clock = ManualClock()
    with VirtualPhone(clock=clock, measure=FixedMeasure()) as phone:
        recipe = show_payment(DirectDevice(phone), clock)
    if len(recipe.steps) != STEPS:
        raise AssertionError(f"the payment has {len(recipe.steps)} steps, not {STEPS}")
    return recipe


def show_payment(device: Device, clock: Clock) -> Recipe:
    """Pays once by a scripted finger and distils it."""
    hand = Demonstration(device, clock=clock)
    hand.open(WALLET)
    hand.tap("New payment")
    hand.type("Recipient", VALUES["recipient"])
    hand.tap("Next")
    hand.type("Amount", VALUES["amount"])
    hand.tap("Next")
    hand.type("Note", VALUES["note"])
    hand.tap("Next")
    hand.tap("All of this is right")
    hand.tap("Pay now")
    hand.tap("Done")
    hand.tap("Help")
    task = f"pay {VALUES['amount']} to {VALUES['recipient']} for {VALUES['note']}"
    return distill(hand.done, recipe_id=NAME, name=NAME, task=task, values=VALUES)


def write_policy(file: Path) -> Path:
    """The policy as a file, for the command line."""
    values = ", ".join(f'{slot} = "{value}"' for slot, value in VALUES.items())
    file.write_text(f'[[allow]]\nrecipe = "{NAME}"\nstep = "{PAY_NOW}"\nvalues = {{ {values} }}\n', encoding="utf-8")
    return file


@contextmanager
def data_folder(home: Path) -> Iterator[Path]:
    """While inside, our data is in `home` and the owner's own is not touched."""
    before = os.environ.get("MOBIMEM_HOME")
    os.environ["MOBIMEM_HOME"] = str(home)
    try:
        yield home
    finally:
        if before is None:
            del os.environ["MOBIMEM_HOME"]
        else:
            os.environ["MOBIMEM_HOME"] = before


def now() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)
