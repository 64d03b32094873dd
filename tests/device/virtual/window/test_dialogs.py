from __future__ import annotations

import pytest

from tests.device.virtual.window.kit import FORM, HOME, SHOP, Bench

CAMERA = "android.permission.CAMERA"
CONTROLLER = "com.android.permissioncontroller"


def test_an_apps_dialog_closes_when_it_is_answered(bench: Bench) -> None:
    page = bench.page()
    bench.tap("Buy")

    bench.tap("Yes")

    assert page.events[-1] == "bought"
    assert bench.window("dialog") is None


def test_back_cancels_an_apps_dialog_and_leaves_its_page(bench: Bench) -> None:
    page = bench.page()
    bench.tap("Buy")

    bench.windows.back()

    assert page.events[-1] == "cancelled"
    assert bench.windows.current()[0] == SHOP


@pytest.mark.parametrize(("answer", "allowed"), [("permission_allow_button", True), ("permission_deny_button", False)])
def test_a_permission_is_asked_for_once_and_its_answer_is_kept(bench: Bench, answer: str, allowed: bool) -> None:
    page = bench.page()
    answers: list[bool] = []

    page.host.request(CAMERA, answers.append)
    asking = bench.windows.current()[:2]
    assert bench.sees("Allow Shop to take pictures and record video?")
    bench.tap(answer)
    page.host.request(CAMERA, answers.append)

    assert asking[0] == CONTROLLER
    assert answers == [allowed, allowed]
    assert page.host.granted(CAMERA) is allowed
    assert bench.windows.current()[0] == SHOP


@pytest.mark.parametrize(
    ("locale", "allow", "question"),
    [
        ("de", "Zulassen", "Darf Laden Bilder und Videos aufnehmen?"),
        ("zh", "允许", "要允许“商店”拍摄照片和录制视频吗?"),
    ],
)
def test_the_question_is_in_the_phones_language(locale: str, allow: str, question: str) -> None:
    bench = Bench(locale=locale)
    bench.page()

    bench.windows.trouble.ask_permission(SHOP, CAMERA)

    assert bench.sees(allow)
    assert bench.sees(question)


def test_a_permission_nobody_has_words_for_is_still_asked_for(bench: Bench) -> None:
    bench.page()

    bench.windows.trouble.ask_permission(SHOP, "com.vendor.permission.FLY")

    assert bench.sees("Allow Shop to use FLY?")


def test_a_permission_dialog_stays_with_its_app(bench: Bench) -> None:
    bench.page()
    bench.windows.trouble.ask_permission(SHOP, CAMERA)

    bench.windows.home()
    away = bench.window("dialog")
    bench.windows.start(SHOP)

    assert away is None
    assert bench.window("dialog") is not None


def test_back_does_not_answer_a_permission_dialog(bench: Bench) -> None:
    bench.page()
    bench.windows.trouble.ask_permission(SHOP, CAMERA)

    bench.windows.back()

    assert bench.windows.current()[0] == CONTROLLER


def test_a_crash_ends_the_app_and_says_so_over_the_launcher(bench: Bench) -> None:
    bench.page()

    bench.windows.trouble.crash(SHOP)

    assert bench.windows.current()[0] == HOME
    assert bench.sees("Shop keeps stopping")
    dialog = bench.window("dialog")
    assert dialog is not None and dialog.package == "android"
    assert bench.look("aerr_close").view.id == "android:id/aerr_close"
    bench.tap("aerr_close")
    assert bench.window("dialog") is None


def test_a_crashed_app_opens_again(bench: Bench) -> None:
    bench.page()
    pid = bench.windows.current()[2]
    bench.windows.trouble.crash(SHOP)

    bench.tap("aerr_restart")

    assert bench.windows.current()[0] == SHOP
    assert bench.windows.current()[2] != pid


def test_an_app_that_hangs_can_be_waited_for_or_closed(bench: Bench) -> None:
    page = bench.page()
    bench.windows.trouble.not_responding(SHOP)
    assert bench.sees("Shop isn't responding")
    bench.tap("aerr_wait")
    waited = bench.page()
    bench.windows.trouble.not_responding(SHOP)
    bench.tap("aerr_close")

    assert waited is page
    assert bench.windows.current()[0] == HOME
    assert bench.window("dialog") is None


def test_a_pop_up_belongs_to_the_app_and_goes_with_back_or_its_cross(bench: Bench) -> None:
    bench.page()
    for leave in ("promo_close", "promo_later"):
        bench.windows.trouble.promote(SHOP)
        dialog = bench.window("dialog")
        assert dialog is not None and dialog.package == SHOP
        bench.tap(leave)
        assert bench.window("dialog") is None

    bench.windows.trouble.promote(SHOP)
    bench.windows.back()

    assert bench.window("dialog") is None
    assert bench.windows.current()[0] == SHOP


def test_dialogs_wait_for_each_other(bench: Bench) -> None:
    bench.page()
    bench.windows.trouble.promote(SHOP)
    bench.windows.trouble.not_responding(SHOP)

    bench.tap("promo_later")

    assert bench.sees("Shop isn't responding")


def test_a_dialog_takes_touches_meant_for_the_page_behind(bench: Bench) -> None:
    bench.page()
    bench.windows.trouble.not_responding(SHOP)

    bench.touch(500, 2200)

    assert bench.windows.current()[1] == f"{SHOP}.MainActivity"
    assert bench.window("dialog") is not None


def test_what_an_ended_app_asked_needs_no_answer(bench: Bench) -> None:
    bench.page(FORM)
    bench.windows.trouble.promote(FORM)

    bench.windows.force_stop(FORM)
    bench.windows.start(FORM)

    assert bench.window("dialog") is None


def test_a_call_covers_the_app_until_it_is_declined(bench: Bench) -> None:
    bench.page()

    assert bench.windows.trouble.ring("Mallory", "+1 555 0199")
    ringing = bench.windows.current()[0]
    assert bench.sees("Mallory") and bench.sees("Incoming call")
    assert not bench.windows.trouble.ring("Bob", "1")
    bench.windows.back()
    bench.tap("Decline")

    assert ringing == "com.android.dialer"
    assert bench.windows.current()[0] == SHOP


def test_an_answered_call_lasts_until_it_is_hung_up(bench: Bench) -> None:
    bench.windows.trouble.ring("", "+1 555 0199", for_s=10)

    bench.tap("Answer")
    bench.clock.advance(60)
    lasting = bench.sees("Ongoing call")
    bench.tap("End call")

    assert lasting
    assert bench.windows.current()[0] == HOME


def test_a_call_nobody_answers_ends_by_itself(bench: Bench) -> None:
    bench.windows.trouble.ring("Mallory", "1", for_s=10)

    bench.clock.advance(11)

    assert bench.windows.current()[0] == HOME


def test_a_call_wakes_a_locked_phone_and_leaves_it_locked(bench: Bench) -> None:
    bench.windows.sleep()

    bench.windows.trouble.ring("Mallory", "1")
    assert bench.windows.screen_on and bench.sees("Mallory")
    bench.tap("Decline")

    assert bench.windows.lock_state == "swipe"
