"""A plan that was cut off, or not done, goes on with what is left of it: nothing is repeated, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from device.errors import DeviceGone
from memory.errors import NotRemembered
from mobimem import folders
from mobimem.errors import BadInput, NotDone, OwnerNeeded
from mobimem.evals.crash import Fuse, FusedWriter, Killed
from mobimem.llm.settings import Budget
from mobimem.running import say_stop
from mobimem.service.agent import Means
from mobimem.service.agent_learning import finish_learning
from mobimem.service.orders import orders_for
from mobimem.service.pending import answer_question
from mobimem.service.plans.doing import PlanDone, resume_plan, run_plan
from mobimem.service.plans.kept import PlanBook
from mobimem.service.plans.making import known_plan
from mobimem.service.plans.taking_up import discard_plan, list_plans, plan_like, take_up_plan, unsay_plans
from mobimem.service.replay import QuestionsOpen
from mobimem.service.stats import total
from mobimem.service.tasks import list_tasks
from mobimem.service.unfinished import Unfinished, close, list_unfinished, take_up
from mobimem.tasks.hand import Proposal
from replay.commands import Decision
from replay.recipe import Step
from replay.trace import Header
from tests.mobimem.tasks.acting import Brain, Stage, staged
from tests.mobimem.tasks.planning import Planner, do, part, plan_of, said, texting
from tests.mobimem.tasks.test_plans_done import AGAIN, PLAN, WORDS, Agrees, noting, planner
from tests.replay.bench import ALICE, MESSAGES, NOTES

BOB = "+1 202 555 0125"
NOTE_AND_TEXT = "make a note called Milk with the text buy two and text Bob that dinner is ready"
TWO_TEXTS = "text Bob that dinner is ready and text Alice that the train is late"


class At(Fuse):
    """Burns when it comes to a moment for the n-th time, counted since another."""

    def __init__(self, when: str, times: int = 1, *, since: str = "") -> None:
        super().__init__()
        self.when, self.times, self.since = when, times, since

    def burns(self, what: str) -> bool:
        super().burns(what)
        from_here = self.passed.index(self.since) if self.since in self.passed else 0 if not self.since else None
        return from_here is not None and what == self.when and self.passed[from_here:].count(what) == self.times


def fused(fuse: Fuse) -> Callable[[Path, Header], FusedWriter]:
    return lambda folder, header: FusedWriter(folder, header, fuse)


def means(at: Stage, **more: object) -> Means:
    return replace(
        Means(at.owner, at.owner, at.client, clock=at.phone.clock, bounds=at.bounds),
        **more,  # type: ignore[arg-type]
    )


def kill(at: Stage, words: str, when: str, times: int = 1, *, since: str = "") -> None:
    """Kills the plan of these words when one of its journals comes to this moment for the n-th time in all."""
    ready = plan_of(at, words)
    with pytest.raises(Killed):
        run_plan(at.phone, ready, means(at, writer=fused(At(when, times, since=since))))


def left(at: Stage) -> Unfinished:
    [one] = list_tasks(clock=at.phone.clock).unfinished
    return one


def resume(at: Stage, plan: str = "") -> PlanDone:
    return resume_plan(at.phone, take_up_plan(plan or left(at).run), means(at))


def notes(at: Stage) -> list[str]:
    return [row["title"] for row in at.phone.phone.store.table("notes").rows()]


def test_a_plan_that_is_killed_in_its_second_sub_task_goes_on_there_with_what_the_first_has_read() -> None:
    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)  # the third is the reading of the price, which is no step
        told = left(at)
        assert (told.state, told.words, told.can_go_on) == ("interrupted", WORDS, True)
        assert told.did[0] == "look up the price of Wool scarf in the shop, price = '22.50 €'"
        assert told.missing == ("text Bob 22.50 € (begun)",)
        asked_for_plans = at.calls
        done = resume(at)

        assert (done.done, done.results) == (True, {"price": "22.50 €"}), done
        assert not any("parts" in (one.schema or {}).get("properties", {}) for one in at.server.asked[asked_for_plans:])
        assert [words for _, words in at.phone.sent()] == ["22.50 €"]
        assert done.learnt_as, done.not_learnt
        assert list_tasks(clock=at.phone.clock).unfinished == ()
        assert list(folders.plans_folder().iterdir()) == [], "the owner's words stay in no second place"
        calls = at.calls
        second = do(at, AGAIN)
    assert (second.done, at.calls) == (True, calls), "what was learnt is as good as of a plan that was not killed"
    assert [words for _, words in at.phone.sent()] == ["22.50 €", "49.00 €"]


def test_what_was_done_for_good_is_not_done_again_and_what_is_left_is() -> None:
    with taught() as at:
        kill(at, TWO_TEXTS, "after end")  # of the first sub-task: Bob has his text
        assert [who for who, _ in at.phone.sent()] == [BOB, ALICE, BOB]
        told = left(at)
        assert told.did == ("text Bob that dinner is ready",)
        assert told.missing == ("text Alice that the train is late",)
        done = resume(at)

    assert (done.done, done.receipt.model_calls) == (True, 0), done
    assert [who for who, _ in at.phone.sent()] == [BOB, ALICE, BOB, ALICE]


def test_said_again_it_is_refused_while_the_earlier_try_has_done_something_for_good() -> None:
    with taught() as at:
        kill(at, TWO_TEXTS, "after end")
        before = len(at.phone.sent())
        told = plan_like("Text Bob that dinner is ready  and text Alice that the train is late", clock=at.phone.clock)
        assert told is not None
        with pytest.raises(OwnerNeeded, match=r"did this: text Bob that dinner is ready \(Tap 'Send SMS'\)") as refused:
            do(at, TWO_TEXTS)
        assert f"mobimem tasks resume {told.run}" in refused.value.next_step
        with pytest.raises(OwnerNeeded, match="did this"):
            do(at, "text Bob that dinner is ready and make a note called Late with the text buy two")
        assert len(at.phone.sent()) == before
        discard_plan(told.run, clock=at.phone.clock)
        done = do(at, TWO_TEXTS)

    assert done.done
    assert len(at.phone.sent()) == before + 2, "said again after leaving it, it is the owner's word"


@pytest.mark.parametrize("moment", ["after intent", "before step"])
def test_a_sub_task_that_may_have_done_it_is_asked_about_before_anything_goes_on(moment: str) -> None:
    with taught() as at:
        sent = len(at.phone.sent())
        kill(at, TWO_TEXTS, moment, since="after intent")
        happened = len(at.phone.sent()) > sent
        told = left(at)
        [question] = told.questions
        with pytest.raises(QuestionsOpen):
            take_up_plan(told.run)
        with pytest.raises(NotDone, match="may have been done"):
            discard_plan(told.run, clock=at.phone.clock)
        with pytest.raises(QuestionsOpen):
            do(at, TWO_TEXTS)
        answer_question(question.run, "done" if happened else "not-done", step=question.index + 1)
        done = resume(at)

    assert done.done, done
    assert [who for who, _ in at.phone.sent()][sent:] == [BOB, ALICE]


def test_an_abandoned_sub_task_ends_the_plan() -> None:
    with taught() as at:
        kill(at, TWO_TEXTS, "after intent")
        [question] = left(at).questions
        answer_question(question.run, "abandon", step=question.index + 1)
        [plan] = PlanBook().names()
        with pytest.raises(NotDone, match="abandoned"):
            take_up_plan(plan)
        assert list_tasks(clock=at.phone.clock).unfinished == ()
        assert PlanBook().names() == ()


def test_a_plan_that_ended_because_the_owner_said_no_can_be_taken_up_and_has_not_repeated_the_reading() -> None:
    owner = No()
    with staged(planner(), owner=owner) as at:
        first = do(at, WORDS)
        assert (first.done, first.plan != "", at.phone.sent()) == (False, True, [])
        told = left(at)
        assert (told.state, told.run) == ("unfinished", first.plan)
        calls = at.calls
        owner.no = False
        done = resume(at)

    assert (done.done, done.plan) == (True, "")
    assert done.receipt.model_calls > first.receipt.model_calls > 0, "the whole is told, with the try that failed"
    assert done.receipt.model_calls == first.receipt.model_calls + at.calls - calls
    assert [words for _, words in at.phone.sent()] == ["22.50 €"]


class No(Agrees):
    no = True

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        return "refuse" if self.no else "run"


def test_a_plan_of_which_nothing_was_done_is_not_kept() -> None:
    with staged(Planner([PLAN], {"look up": Brain([("give_up",)])}), owner=Agrees()) as at:
        done = do(at, WORDS)

    assert (done.done, done.plan, PlanBook().names()) == (False, "", ())


def test_killed_before_its_first_sub_task_it_is_not_planned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with staged(planner(), owner=Agrees()) as at:
        ready = plan_of(at, WORDS)
        calls = at.calls
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(PlanBook, "began", killed)
            run_plan(at.phone, ready, means(at))
        told = left(at)
        assert (told.did, len(told.missing)) == ((), 2)
        done = resume(at)
        assert done.done
        planned = [one for one in at.server.asked[calls:] if "parts" in (one.schema or {}).get("properties", {})]
    assert planned == []
    assert done.receipt.model_calls == at.calls, "what planning took is on the receipt, once"


def test_a_plan_that_was_done_and_not_learnt_is_learnt_at_the_next_start_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from mobimem.service.plans import doing

    def killed(*_: object) -> object:
        raise Killed

    with staged(planner(), owner=Agrees()) as at:
        ready = plan_of(at, WORDS)
        with monkeypatch.context() as patched:
            patched.setattr(doing, "learn_whole", killed)
            with pytest.raises(Killed):
                run_plan(at.phone, ready, means(at))
        assert list_tasks(clock=at.phone.clock).unfinished == (), "it is done; there is nothing to go on with"
        assert plan_of(at, AGAIN).source == "model"
        reports = finish_learning(clock=at.phone.clock)
        assert [line.says for report in reports for line in report.learnt] == ["the whole plan"], reports
        assert finish_learning(clock=at.phone.clock) == ()
        ready = plan_of(at, AGAIN)

    assert ready.source == "template"
    assert len(at.phone.sent()) == 1


def test_a_sub_task_is_not_taken_up_by_itself_and_is_not_listed_beside_its_plan() -> None:
    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)
        plan = left(at).run
        assert list_unfinished(clock=at.phone.clock) == ()
        [run] = PlanBook().runs(plan, "tell")
        with pytest.raises(NotDone, match=f"part of {plan}") as refused:
            take_up(run)

    assert f"mobimem tasks resume {plan}" in refused.value.next_step


def test_two_processes_do_not_take_up_the_same_plan() -> None:
    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)
        plan = left(at).run
        taken = take_up_plan(plan)
        with PlanBook().holding(plan) as mine:
            assert mine
            assert list_plans(clock=at.phone.clock) == (), "one that is under way is not offered"
            with pytest.raises(NotDone, match="under way"):
                take_up_plan(plan)
            with pytest.raises(NotDone, match="under way"):
                discard_plan(plan, clock=at.phone.clock)
            with pytest.raises(NotDone, match="another process"):
                resume_plan(at.phone, taken, means(at))
        assert resume_plan(at.phone, taken, means(at)).done
        with pytest.raises(BadInput, match="no unfinished plan"):
            take_up_plan(plan)
        with pytest.raises(NotDone, match="another process"):
            resume_plan(at.phone, taken, means(at))

    assert len(at.phone.sent()) == 1


def test_a_task_that_was_taught_anew_or_forgotten_since_is_not_done_under_an_old_plan() -> None:
    with taught() as at:
        kill(at, TWO_TEXTS, "after end")
        plan = left(at).run
        told = left(at)
        assert told.can_go_on
        [name] = {piece.task.name for piece in PlanBook().one(plan).pieces if piece.task is not None}
        (folders.recipes_folder() / name).rename(folders.recipes_folder() / f"{name}-gone")
        with pytest.raises(NotDone, match="forgotten or taught anew"):
            take_up_plan(plan)
        discard_plan(plan, clock=at.phone.clock)

    assert PlanBook().names() == ()


def test_what_is_kept_of_a_plan_and_cannot_be_read_is_told_and_can_be_left() -> None:
    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)
        plan = left(at).run
        file = folders.plans_folder() / plan / "plan.json"
        file.write_text('{"version": 1', encoding="utf-8")
        with pytest.raises(BadInput, match="cannot be read") as refused:
            take_up_plan(plan)

        assert f"mobimem tasks discard {plan}" in refused.value.next_step
        assert [one.run for one in list_tasks(clock=at.phone.clock).unfinished] == [plan], "it is listed all the same"
        discard_plan(plan, clock=at.phone.clock)
    assert PlanBook().names() == ()
    for name in ("plan-20260101T000000-abcdef", "../runs", "plan-x"):
        with pytest.raises(BadInput, match="no unfinished plan"):
            take_up_plan(name)


def test_after_a_week_a_plan_is_not_offered_any_more() -> None:
    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)
        assert left(at)
        at.phone.clock.advance(timedelta(days=8).total_seconds())
        assert list_tasks(clock=at.phone.clock).unfinished == ()
        assert PlanBook().names() == ()


def test_the_sub_tasks_of_a_plan_share_three_budgets() -> None:
    """One budget each, and three together, however many they are."""
    each = {name: f"make a note called {name} with the text x" for name in ("A1", "B2", "C3", "D4", "E5")}
    brains = {one: noting(name, "x") for name, one in each.items()}
    parts = [part(f"part_{name.lower()}", one, NOTES) for name, one in each.items()]
    words = " and ".join(each.values())
    with staged(Planner([said(*parts)], brains), owner=Agrees(), budget=Budget(calls=7)) as at:
        done = run_plan(at.phone, plan_of(at, words), means(at))
        assert not done.done
        assert "together they have 3 times" in done.says
        assert at.calls <= 3 * 7
        made = len(notes(at))
        done = resume(at)  # whoever takes up a plan that ended of its own grants it anew

    assert done.done, done.says
    assert made < 5


def taught() -> StageOfTexts:
    return StageOfTexts()


class StageOfTexts:
    """A phone whose owner has texted Bob and Alice before, and made a note: known tasks, and no model is needed."""

    def __enter__(self) -> Stage:
        plan = said(
            part("make", "make a note called Milk with the text buy two", NOTES),
            part("tell", "text Bob that dinner is ready", MESSAGES, for_good=True, after=["make"]),
        )
        brains = {"make a note": noting("Milk", "buy two"), "text Bob": texting("dinner is ready")}
        self._staged = staged(Planner([plan], brains), owner=Agrees())
        at = self._staged.__enter__()
        assert do(at, NOTE_AND_TEXT).done
        found = orders_for("text Alice that the train is late", {}, at.owner, may_decide=False)
        assert found.ready is not None
        assert run_plan(at.phone, known_plan(found.ready), means(at)).done
        return at

    def __exit__(self, *error: object) -> None:
        self._staged.__exit__(*error)  # type: ignore[arg-type]


def test_what_is_forgotten_is_forgotten_in_plans_that_are_not_over() -> None:
    from mobimem.service.memories import forget

    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)
        plan = left(at).run
        with PlanBook().holding(plan):
            told = forget(about="Wool scarf")
            assert any(one.startswith(f"{plan}: it is under way") for one in told.remains), told.remains
        assert unsay_plans(lambda text: "Alice" in text, ["another-run"]) == ((), ())
        assert PlanBook().names() == (plan,), "what says nothing of it stays"
        with pytest.raises(NotRemembered):
            forget(about="nobody at all")
        told = forget(about="Wool scarf")

    assert PlanBook().names() == ()
    assert not any("Wool scarf" in file.read_text(errors="replace") for file in folders.plans_folder().rglob("*.json"))
    assert not any(plan in one for one in told.remains)


def test_a_plan_whose_phone_was_lost_says_so_and_goes_on_when_it_is_back() -> None:
    with staged(planner(), owner=Agrees()) as at:
        ready = plan_of(at, WORDS)

        def lost(action: object) -> None:
            if at.phone.typed:
                raise DeviceGone("the cable is out")

        at.phone.after_act = lost
        with pytest.raises(DeviceGone):
            run_plan(at.phone, ready, means(at))
        at.phone.after_act = lambda action: None
        told = left(at)
        assert (told.state, told.why) == ("unfinished", "the cable is out")
        done = resume(at)

    assert done.done
    assert [words for _, words in at.phone.sent()] == ["22.50 €"]


@pytest.mark.parametrize(("moment", "times"), [("after header", 2), ("before note", 1), ("torn note", 1)])
def test_a_sub_task_killed_before_its_journal_says_whose_it_is_is_its_plans_all_the_same(
    moment: str, times: int
) -> None:  # fmt: skip
    with taught() as at:
        sent = len(at.phone.sent())
        kill(at, TWO_TEXTS, moment, times)
        told = left(at)
        assert told.run == PlanBook().names()[0]
        begun = [run for name in PlanBook().parts(told.run) for run in PlanBook().runs(told.run, name)]
        with pytest.raises(NotDone, match=r"part of"):
            take_up(begun[-1])
        done = resume(at)

        assert list_tasks(clock=at.phone.clock).unfinished == (), "the run that came to nothing is not offered"

    assert done.done
    assert [who for who, _ in at.phone.sent()][sent:] == [BOB, ALICE]


def test_a_stop_that_is_said_between_two_sub_tasks_ends_the_plan_before_the_second() -> None:
    with taught() as at:
        sent = len(at.phone.sent())
        ready = plan_of(at, TWO_TEXTS)
        done = run_plan(at.phone, ready, means(at), on_part=lambda part: say_stop(folders.running_folder()))
        assert (done.outcome, done.says.partition(";")[0]) == ("cancelled", "text_that_2: stopped by the owner"), done
        assert len(at.phone.sent()) == sent + 1
        done = resume(at)

    assert done.done
    assert [who for who, _ in at.phone.sent()][sent:] == [BOB, ALICE]


def test_who_took_a_plan_up_before_somebody_else_went_on_with_it_does_not_repeat_what_they_did() -> None:
    with taught() as at:
        sent = len(at.phone.sent())
        kill(at, TWO_TEXTS, "after header", 1)
        taken = take_up_plan(left(at).run)
        with pytest.raises(Killed):
            resume_plan(at.phone, take_up_plan(taken.id), means(at, writer=fused(At("after end"))))
        assert len(at.phone.sent()) == sent + 1
        done = resume_plan(at.phone, taken, means(at))

    assert done.done
    assert [who for who, _ in at.phone.sent()][sent:] == [BOB, ALICE]


def test_the_same_words_are_refused_while_their_plan_is_under_way() -> None:
    with taught() as at:
        kill(at, TWO_TEXTS, "after header", 1)
        plan = left(at).run
        with PlanBook().holding(plan) as mine, pytest.raises(OwnerNeeded, match="under way"):
            assert mine
            do(at, TWO_TEXTS)


def test_a_run_whose_journal_was_never_begun_does_not_hide_what_an_earlier_one_did() -> None:
    with taught() as at:
        kill(at, TWO_TEXTS, "after end")
        plan = left(at).run
        PlanBook().began(plan, "text_that", "a-run-that-was-killed-before-its-first-line")
        with pytest.raises(OwnerNeeded, match="did this"):
            do(at, "text Bob that dinner is ready and make a note called Late with the text buy two")


def test_a_sub_task_that_did_something_for_good_and_was_closed_is_not_done_anew() -> None:
    with taught() as at:
        kill(at, TWO_TEXTS, "after step", 5)
        plan = left(at).run
        [run] = PlanBook().runs(plan, "text_that")
        sent = len(at.phone.sent())
        close([run])
        with pytest.raises(NotDone, match="not known any more"):
            take_up_plan(plan)

    assert len(at.phone.sent()) == sent


def test_a_plan_is_as_old_as_the_last_time_it_was_gone_on_with() -> None:
    with taught() as at:
        kill(at, TWO_TEXTS, "after step", 2)
        at.phone.clock.advance(timedelta(days=6).total_seconds())
        with pytest.raises(Killed):
            resume_plan(at.phone, take_up_plan(left(at).run), means(at, writer=fused(At("after end"))))
        at.phone.clock.advance(timedelta(days=3).total_seconds())
        assert left(at).did == ("text Bob that dinner is ready",)
        at.phone.clock.advance(timedelta(days=5).total_seconds())
        assert list_tasks(clock=at.phone.clock).unfinished == ()


def test_what_is_left_of_a_plan_that_was_being_dropped_is_swept_and_dropping_twice_is_as_once() -> None:
    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)
        book, plan = PlanBook(), left(at).run
        close(book.runs(plan, "look") + book.runs(plan, "tell"))
        (book.folder / plan / "plan.json").unlink()
        assert list_tasks(clock=at.phone.clock).unfinished == ()
        assert list(book.folder.iterdir()) == []
        book.drop(plan)
        assert book.runs(plan, "look") == ()


def test_plans_of_another_folder_are_those_of_that_folder(tmp_path: Path) -> None:
    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)
        kept = PlanBook().one(left(at).run)
    book = PlanBook(tmp_path)
    book.put(kept)
    PlanBook().drop(kept.id)

    with book.holding(kept.id) as mine:
        assert (mine, book.names()) == (True, (kept.id,))


def test_what_planning_took_is_counted_where_the_plan_is_refused_before_it_begins() -> None:
    with staged(planner(), owner=Agrees()) as at:
        kill(at, WORDS, "after step", 4)
        before = total().took.model_calls
        ready = plan_of(at, WORDS)
        with PlanBook().holding(left(at).run), pytest.raises(OwnerNeeded, match="planning took 1 model call"):
            run_plan(at.phone, ready, means(at))

        assert total().took.model_calls == before + ready.spent.calls
