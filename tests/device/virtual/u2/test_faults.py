"""The switchboard of faults: what is armed strikes as often as it was asked to."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from device.virtual.u2.faults import EMPTY_HIERARCHY, Drop, Fail, Hang, Reply, RpcFaults, Status


def test_a_fault_strikes_as_often_as_it_was_armed_and_is_gone_then() -> None:
    faults = RpcFaults()
    faults.arm(Drop(), times=2)
    assert [faults.take("click") for _ in range(3)] == [Drop(), Drop(), None]


def test_a_fault_of_one_method_leaves_the_others_alone() -> None:
    faults = RpcFaults()
    faults.arm(Fail("java.lang.RuntimeException"), method="click")
    assert faults.take("swipe") is None
    assert faults.take("click") == Fail("java.lang.RuntimeException")


def test_of_several_faults_the_oldest_strikes_first() -> None:
    faults = RpcFaults()
    faults.arm(Drop())
    faults.arm(Hang(1.5))
    assert [faults.take("click"), faults.take("click")] == [Drop(), Hang(1.5)]


def test_the_common_faults_name_their_own_method() -> None:
    faults = RpcFaults()
    faults.empty_hierarchy(times=1)
    faults.no_screenshot()
    faults.disconnect()
    assert faults.take("takeScreenshot") == Reply(None)
    assert faults.take("dumpWindowHierarchy") == Reply(EMPTY_HIERARCHY)
    failure = faults.take("exist")
    assert isinstance(failure, Fail)
    assert "UiAutomation not connected" in failure.message


@pytest.mark.parametrize(
    ("line", "method", "fault"),
    [
        ("error android.os.DeadObjectException", "click", Fail("android.os.DeadObjectException")),
        ("error boom click", "click", Fail("boom")),
        ("hang 2.5 exist", "exist", Hang(2.5)),
        ("drop", "exist", Drop()),
        ("drop-after click", "click", Drop(after=True)),
        ("status 500", "exist", Status(HTTPStatus.INTERNAL_SERVER_ERROR)),
        ("empty 2", "dumpWindowHierarchy", Reply(EMPTY_HIERARCHY)),
        ("no-screenshot", "takeScreenshot", Reply(None)),
    ],
)
def test_faults_can_be_armed_by_words(line: str, method: str, fault: object) -> None:
    faults = RpcFaults()
    assert faults.command(line.split()) == "armed"
    assert faults.take(method) == fault


def test_words_list_and_clear_what_is_armed() -> None:
    faults = RpcFaults()
    faults.command(["drop", "click"])
    assert faults.command(["list"]) == "click x1: Drop(after=False)"
    assert faults.command(["clear"]) == "cleared"
    assert faults.command(["list"]) == ""


@pytest.mark.parametrize("line", ["", "explode", "hang soon", "drop click now", "status 7", "hang"])
def test_words_that_name_no_fault_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        RpcFaults().command(line.split())
