"""The pure core of plans: what may run, in which order, and that a plan that may not is named for what it is."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobimem.tasks.plan import (
    Bound,
    Known,
    Plan,
    PlanRefused,
    State,
    SubTask,
    faults,
    in_order,
    next_ready,
    refuse_faulty,
)

KNOWN = Known(("com.example.shop", "com.android.messaging"), ("phone-1",))
LOOK = SubTask("look", "look up the price", "model", app="com.example.shop", results=("price",))
TELL = SubTask("tell", "text Bob {price}", "model", app="com.android.messaging")


def plan(*parts: SubTask) -> Plan:
    return Plan("look up the price and text Bob the price", parts)


@st.composite
def graphs(draw: st.DrawFn) -> Plan:
    """Sub-tasks that wait for any others, for themselves too, by name and by results."""
    count = draw(st.integers(1, 8))
    names = [f"t{number}" for number in range(count)]
    parts = []
    for number, name in enumerate(names):
        after = draw(st.lists(st.sampled_from(names), max_size=3))
        uses = draw(st.lists(st.sampled_from(names), max_size=2))
        words = " ".join(["do it", *(f"{{r_{one}}}" for one in uses)])
        parts.append(SubTask(name, words, "composition", results=(f"r_t{number}",), after=tuple(after)))
    return Plan("anything", tuple(parts))


def has_circle(made: Plan) -> bool:
    """By another way than the code's: whether following what is waited for leads back."""
    waits = {part.name: set(made.waits_for(part)) for part in made.parts}
    for start, first in waits.items():
        reached, more = set[str](), set(first)
        while more:
            reached |= more
            more = set().union(*(waits[one] for one in more)) - reached
        if start in reached:
            return True
    return False


@given(graphs())
def test_a_plan_is_refused_for_a_circle_if_and_only_if_it_has_one(made: Plan) -> None:
    found = faults(made, Known(bound=Bound(depth=8)))

    assert any("circle" in fault for fault in found) == has_circle(made), found


@given(graphs())
def test_sub_tasks_run_each_once_and_none_before_what_it_waits_for(made: Plan) -> None:
    if has_circle(made):
        with pytest.raises(ValueError, match="circle"):
            in_order(made)
        return
    ran = [part.name for part in in_order(made)]

    assert sorted(ran) == sorted(part.name for part in made.parts)
    for part in made.parts:
        assert all(ran.index(before) < ran.index(part.name) for before in made.waits_for(part))


@given(graphs(), st.data())
def test_nothing_that_waits_for_a_failure_ever_becomes_ready(made: Plan, data: st.DataObject) -> None:
    failed = data.draw(st.sampled_from([part.name for part in made.parts]))
    states: dict[str, State] = {failed: "failed"}
    while ready := next_ready(made, states):
        states[ready[0]] = "done"

    blocked = set(made.dependents(failed))
    assert not blocked & {name for name, state in states.items() if state == "done"}
    if not has_circle(made):
        assert {part.name for part in made.parts} == blocked | set(states)


@given(graphs(), st.data())
def test_the_longest_row_is_held_by_the_bound(made: Plan, data: st.DataObject) -> None:
    deepest = data.draw(st.integers(1, 8))
    found = faults(made, Known(bound=Bound(depth=deepest)))
    if has_circle(made):
        return
    rows: dict[str, int] = {}
    for part in in_order(made):
        rows[part.name] = 1 + max((rows[one] for one in made.waits_for(part)), default=0)

    assert bool(found) == (max(rows.values()) > deepest), (found, rows)


def test_a_good_plan_has_no_faults_and_goes_in_order_of_its_results() -> None:
    assert faults(plan(TELL, LOOK), KNOWN) == ()
    assert [part.name for part in in_order(plan(TELL, LOOK))] == ["look", "tell"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((), "no sub-tasks"),
        ((LOOK, LOOK), "two sub-tasks are called 'look'"),
        ((SubTask("look it up", "x", "template"),), "no name of a sub-task"),
        ((SubTask("a", "x", "template", results=("Price!",)),), "no name of a result"),
        ((LOOK, SubTask("b", "x", "template", results=("price",))), "two results are called 'price'"),
        ((TELL,), "uses {price}, which no sub-task makes"),
        ((SubTask("a", "x", "template", after=("b",)),), "waits for 'b', which is no sub-task"),
        ((SubTask("a", "x", "template", app="com.evil"),), "com.evil, which is not on the phone"),
        ((SubTask("a", "x", "model"),), "no app, which is not on the phone"),
        ((SubTask("a", "x", "template", device="other"),), "other, which is not connected"),
        ((SubTask("a", "  ", "template"),), "the words of a: there are no words"),
        ((SubTask("a", "x" * 401, "template"),), "401 characters"),
        ((SubTask("a", "x", "template", results=("q", "w", "e", "r", "t")),), "5 results"),
        ((SubTask("a", "x {r}", "template", results=("r",)),), "circle: a -> a"),
        (
            (SubTask("a", "x", "template", after=("b",)), SubTask("b", "x", "template", after=("a",))),
            "circle: a -> b -> a",
        ),
        (tuple(SubTask(f"a{n}", "x", "template") for n in range(9)), "9 sub-tasks are more than 8"),
    ],
)
def test_what_is_wrong_with_a_plan_is_named(parts: tuple[SubTask, ...], said: str) -> None:
    found = faults(plan(*parts), KNOWN)

    assert any(said in fault for fault in found), found
    with pytest.raises(PlanRefused) as refused:
        refuse_faulty(plan(*parts), KNOWN)
    assert "mobimem teach" in refused.value.next_step


def test_a_plan_without_end_is_judged_by_its_length_alone() -> None:
    endless = plan(*(SubTask("a", "x" * 1_000, "model", after=("a",)) for _ in range(100_000)))

    assert faults(endless, KNOWN) == ("100000 sub-tasks are more than 8",)


def test_a_running_or_waiting_sub_task_is_not_begun_twice() -> None:
    two = plan(LOOK, TELL)

    assert next_ready(two, {}) == ("look",)
    for state in set(get_args(State)) - {"waiting", "ready"}:
        assert "look" not in next_ready(two, {"look": state}), state
    assert next_ready(two, {"look": "done"}) == ("tell",)


def test_what_waits_is_named_also_through_others() -> None:
    last = SubTask("last", "note it", "composition", after=("tell",))

    assert plan(LOOK, TELL, last).dependents("look") == ("tell", "last")
    assert plan(LOOK, TELL, last).dependents("last") == ()
