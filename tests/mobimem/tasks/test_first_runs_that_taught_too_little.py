"""First runs whose lesson was cut short or not to be had: a menu that comes back to its page, a call that is made."""

from __future__ import annotations

from device.virtual.apps.messages import inbox
from device.virtual.faults import Faults
from mobimem.evals.scripted_moves import Move
from tests.mobimem.tasks.acting import Brain, Owner, Stage, staged
from tests.replay.bench import CONTACTS, MESSAGES

DIALER = "com.android.dialer"
READ: tuple[Move, ...] = (
    ("open_app", MESSAGES), ("tap", "More options"), ("tap", "Mark all as read"), ("done",), ("done",),
)  # fmt: skip
CALL: tuple[Move, ...] = (
    ("open_app", CONTACTS), ("tap", "Bob"), ("tap", "Call"), ("tap", "End call"), ("done",), ("done",),
)  # fmt: skip


def unread(at: Stage) -> int:
    return sum(not row["read"] for row in at.phone.phone.store.table(inbox.TABLE).rows())


def test_what_a_menu_s_entry_did_is_learnt_though_the_page_looks_as_before() -> None:
    with staged(Brain(READ, reach=(MESSAGES,), for_good=False), owner=Owner({"end": "yes"})) as at:
        assert at.do("mark my messages as read").learnt_as
    with staged(Brain((("give_up",),))) as at:
        assert unread(at) > 0
        second = at.do("mark my messages as read")

        assert (second.outcome, at.calls, unread(at)) == ("done", 0, 0), second.did


def calls(at: Stage) -> list[str]:
    return [row["name"] for row in at.phone.phone.store.table("call_log").rows()]


def test_a_call_that_a_decided_step_made_is_its_effect_and_no_interruption() -> None:
    owner = Owner({"end": "yes"}, wants=("Tap 'Call'", "Tap 'End call'"))
    with staged(Brain(CALL, reach=(CONTACTS, DIALER)), owner=owner) as at:
        before = len(calls(at))
        first = at.do("call Bob")
        assert (first.outcome, first.not_learnt) == ("done", ""), first
        second = at.do("call Carol")

        assert (second.outcome, second.receipt.model_calls) == ("done", 0), second
        assert calls(at)[before:] == ["Bob", "Carol"]


def test_a_call_that_rings_while_a_step_is_done_is_still_the_owner_s_to_answer() -> None:
    with staged(Brain(CALL, reach=(CONTACTS, DIALER)), owner=Owner(wants=("Tap 'Call'",))) as at:
        phone = at.phone

        def rings(action: object) -> None:
            if len(phone.done) == 3:  # the contact was tapped, and "Call" now is
                Faults(phone.phone.windows, phone.phone.rpc_faults.command).incoming_call("Mallory", for_s=600)

        phone.after_act = rings
        done = at.do("call Bob")

    assert done.outcome != "done"
    assert "Mallory" not in " ".join(done.did)
    assert all("Answer" not in step and "Decline" not in step for step in done.did)
