"""Whatever happens and whenever: nothing is ever done wrong. The phone's own store is the judge."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from device.virtual.window.drift import Drift
from replay.recipe import Recipe
from tests.replay.bench import ALICE, ASKED, MESSAGES, OLIVER, THREAD, Phone, text_someone

FAULTS: dict[str, Callable[[Phone], object]] = {
    "pop-up": lambda phone: phone.phone.faults.popup(),
    "permission": lambda phone: phone.phone.faults.permission_dialog("android.permission.CAMERA"),
    "crash": lambda phone: phone.phone.faults.crash(MESSAGES),
    "other crash": lambda phone: phone.phone.faults.crash("com.example.notes"),
    "hangs": lambda phone: phone.phone.faults.not_responding(),
    "call": lambda phone: phone.phone.faults.incoming_call(for_s=5.0),
    "slow": lambda phone: phone.phone.faults.slow(0.7),
    "screen off": lambda phone: phone.phone.faults.screen_off(),
    "shade": lambda phone: phone.phone.windows.open_shade(),
    "home": lambda phone: phone.phone.windows.home(),
    "back": lambda phone: phone.phone.windows.back(),
    "another thread": lambda phone: phone.phone.windows.start(MESSAGES, THREAD, address=OLIVER),
    "another app": lambda phone: phone.phone.windows.start("com.example.notes"),
    "keyboard hidden": lambda phone: phone.phone.windows.hide_keyboard(),
    "update": lambda phone: phone.phone.faults.drift(Drift(rename_ids=True, move=True, reorder_lists=True, seed=5)),
    "other words": lambda phone: phone.phone.faults.drift(Drift(reword=True, lookalike=True, seed=2)),
    "turned": lambda phone: phone.phone.windows.rotate(1),
    "German": lambda phone: phone.phone.settings.put("system", "system_locales", "de"),
    "namesake": lambda phone: phone.phone.store.table("contacts").insert(
        name="Alice", phone="+1 404 555 0166", email="", starred=0
    ),
    "message": lambda phone: phone.phone.windows.notify(MESSAGES, "Oliver", "call me", tag="m"),
}
PLAN = st.lists(st.tuples(st.integers(1, 14), st.sampled_from(sorted(FAULTS))), min_size=1, max_size=4)


@cache
def text() -> Recipe:
    return text_someone()


@settings(max_examples=25, deadline=None)
@given(PLAN)
def test_random_faults_never_lead_to_a_wrong_act(plan: list[tuple[int, str]]) -> None:
    phone = Phone()
    for at_read, name in plan:
        before = phone.at_read.get(at_read, lambda: None)
        fault = FAULTS[name]
        phone.at_read[at_read] = lambda before=before, fault=fault: (before(), fault(phone))  # type: ignore[misc]
    contacts = len(phone.phone.store.table("contacts").rows())
    result = phone.run(text(), ASKED)
    assert phone.sent() in ([], [(ALICE, ASKED["message"])]), (plan, result.says)
    assert result.outcome != "done" or phone.sent(), (plan, result.says)
    assert result.outcome != "stopped" or not phone.sent(), (plan, result.says)
    namesakes = sum(name == "namesake" for _, name in plan)
    assert len(phone.phone.store.table("contacts").rows()) <= contacts + namesakes
    assert phone.phone.packages.granted(MESSAGES, "android.permission.CAMERA") is not True
    assert all(detour.kind != "reopen" or "crash" in detour.says or "front" in detour.says for detour in result.detours)
