from __future__ import annotations

import pytest

from tests.device.virtual.window.kit import FORM, HOME, SHOP, Bench, Shop


def test_a_phone_starts_at_its_launcher(bench: Bench) -> None:
    assert bench.windows.current()[:2] == (HOME, f"{HOME}.MainActivity")
    assert bench.sees("Shop")


def test_an_icon_opens_its_app_and_back_returns_to_the_launcher(bench: Bench) -> None:
    bench.tap("Shop")
    opened = bench.windows.current()
    bench.windows.back()

    assert opened == (SHOP, f"{SHOP}.MainActivity", bench.packages.process(SHOP))
    assert bench.windows.current()[0] == HOME


def test_starting_what_is_not_there_is_refused(bench: Bench) -> None:
    assert not bench.windows.start("com.nobody")
    assert not bench.windows.start("com.android.systemui")
    assert not bench.windows.start(SHOP, ".NoActivity")
    assert bench.windows.current()[0] == HOME


@pytest.mark.parametrize("name", [".ItemActivity", f"{SHOP}.ItemActivity"])
def test_an_activity_starts_by_its_short_and_its_full_name(bench: Bench, name: str) -> None:
    assert bench.windows.start(SHOP, name, number=7)

    assert bench.windows.current()[1] == f"{SHOP}.ItemActivity"
    assert bench.sees("Item number 7")


def test_apps_keep_their_pages_while_others_are_in_front(bench: Bench) -> None:
    page = bench.page(SHOP)
    bench.tap("Item 1")
    bench.windows.home()
    bench.windows.start(FORM)
    bench.windows.start(SHOP)

    assert bench.sees("Item number 1")
    assert bench.windows.tasks() == [
        (SHOP, f"{SHOP}.ItemActivity"),
        (FORM, f"{FORM}.MainActivity"),
        (HOME, f"{HOME}.MainActivity"),
    ]
    bench.windows.back()
    assert bench.page(SHOP) is page


def test_back_on_the_first_page_keeps_the_app_as_it_was(bench: Bench) -> None:
    page = bench.page(SHOP)
    bench.windows.back()

    assert bench.windows.current()[0] == HOME
    assert bench.page(SHOP) is page


def test_an_app_started_by_another_returns_to_it(bench: Bench) -> None:
    page = bench.page(SHOP)
    page.host.start(FORM)
    bench.windows.back()

    assert bench.windows.current()[0] == SHOP


def test_a_forced_stop_ends_in_the_launcher_and_the_next_start_has_a_new_pid(bench: Bench) -> None:
    first = bench.page(SHOP)
    pid = bench.windows.current()[2]

    assert bench.windows.force_stop(SHOP)
    gone = bench.packages.process(SHOP)
    assert bench.windows.current()[0] == HOME
    second = bench.page(SHOP)

    assert gone is None
    assert bench.windows.current()[2] not in (0, pid)
    assert second is not first
    assert not bench.windows.force_stop(FORM)


def test_a_killed_process_takes_its_windows_with_it(bench: Bench) -> None:
    bench.page(SHOP)

    bench.packages.kill(SHOP)

    assert bench.windows.current()[0] == HOME
    assert SHOP not in dict(bench.windows.tasks())


def test_a_stopped_launcher_comes_back(bench: Bench) -> None:
    pid = bench.windows.current()[2]

    bench.windows.force_stop(HOME)

    assert bench.windows.current()[0] == HOME
    assert bench.windows.current()[2] != pid


def test_back_at_home_stays_at_home(bench: Bench) -> None:
    bench.windows.back()

    assert bench.windows.current()[0] == HOME
    assert bench.sees("Shop")


def test_what_an_app_waits_for_happens_when_its_time_has_come_and_never_after_its_end(bench: Bench) -> None:
    page, calls = bench.page(SHOP), []
    page.host.after(2, lambda: calls.append("soon"))
    page.host.after(60, lambda: calls.append("late"))

    bench.clock.advance(3)
    bench.windows.frame()
    early = list(calls)
    bench.windows.force_stop(SHOP)
    bench.clock.advance(100)
    bench.windows.frame()

    assert early == calls == ["soon"]


def test_pages_hear_that_they_are_in_front_again(bench: Bench) -> None:
    page = bench.page(SHOP)
    bench.tap("Item 1")
    bench.windows.back()

    assert page.events == ["resumed", "resumed"]


def test_the_overview_shows_what_ran_and_brings_it_back(bench: Bench) -> None:
    bench.page(SHOP)
    bench.windows.start(FORM)

    bench.windows.recents()
    listed = [words for words in bench.words() if words in ("Shop", "Form", "Home")]
    bench.tap("Shop")

    assert listed == ["Form", "Shop"]
    assert bench.windows.current()[0] == SHOP


def test_clear_all_in_the_overview_ends_all_apps(bench: Bench) -> None:
    bench.page(SHOP)
    bench.windows.key("app_switch")

    bench.tap("Clear all")

    assert bench.windows.tasks() == [(HOME, f"{HOME}.MainActivity")]
    assert bench.packages.process(SHOP) is None


def test_back_and_home_and_a_second_press_close_the_overview(bench: Bench) -> None:
    for leave in (bench.windows.back, bench.windows.home, bench.windows.recents):
        bench.windows.recents()
        opened = bench.windows.current()[1]
        leave()

        assert opened == "com.android.quickstep.RecentsActivity"
        assert bench.windows.current()[1] == f"{HOME}.MainActivity"


def test_a_page_that_opens_one_it_has_not_says_which_it_has(bench: Bench) -> None:
    page = bench.page(SHOP)

    with pytest.raises(KeyError, match=r"no page '\.Nope'.*\.ItemActivity"):
        page.host.open(".Nope")


def test_the_navigation_bar_goes_back_home_and_to_the_overview(bench: Bench) -> None:
    bench.page(SHOP)
    bench.tap("Item 1")
    bench.tap("Back")
    after_back = bench.windows.current()[1]
    bench.tap("Overview")
    after_overview = bench.windows.current()[1]
    bench.tap("Home", "navigation_bar")

    assert after_back == f"{SHOP}.MainActivity"
    assert after_overview == "com.android.quickstep.RecentsActivity"
    assert bench.windows.current()[0] == HOME


def test_a_card_of_the_overview_shows_the_apps_icon_and_name(bench: Bench) -> None:
    bench.page()
    bench.windows.recents()

    card = bench.look("snapshot")
    inside = {box.view.id.split("/")[-1]: box.view for box in card.walk()}

    assert inside["icon"].style.icon == Shop.icon
    assert inside["task_name"].text == "Shop"
