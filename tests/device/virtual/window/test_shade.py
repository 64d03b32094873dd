from __future__ import annotations

import pytest

from tests.device.virtual.window.kit import FORM, HOME, SHOP, Bench


def test_a_drag_down_from_the_top_edge_opens_the_shade_and_one_up_closes_it(bench: Bench) -> None:
    bench.drag((500, 10), (500, 1200))
    opened = bench.window("shade")
    bench.drag((500, 2200), (500, 800))

    assert opened is not None
    assert bench.window("shade") is None


def test_back_and_home_close_the_shade(bench: Bench) -> None:
    bench.page()
    bench.windows.open_shade()
    bench.windows.back()
    after_back = bench.window("shade"), bench.windows.current()[0]
    bench.windows.open_shade()
    bench.windows.home()

    assert after_back == (None, SHOP)
    assert bench.window("shade") is None
    assert bench.windows.current()[0] == HOME


@pytest.mark.parametrize(
    ("tile", "setting", "before", "after"),
    [
        ("Internet", ("global", "wifi_on"), "1", "0"),
        ("Bluetooth", ("global", "bluetooth_on"), "0", "1"),
        ("Airplane mode", ("global", "airplane_mode_on"), "0", "1"),
        ("Flashlight", ("secure", "flashlight_enabled"), None, "1"),
        ("Dark theme", ("secure", "ui_night_mode"), "1", "2"),
    ],
)
def test_a_quick_setting_changes_androids_own_setting(
    bench: Bench, tile: str, setting: tuple[str, str], before: str | None, after: str
) -> None:
    bench.windows.open_shade(quick_settings=True)
    found = bench.settings.get(*setting)

    bench.tap(tile)

    assert (found, bench.settings.get(*setting)) == (before, after)


def test_the_dark_theme_tile_darkens_the_frame(bench: Bench) -> None:
    bench.windows.open_shade(quick_settings=True)

    bench.tap("Dark theme")

    assert bench.windows.frame().dark
    assert bench.look("qs_tile_dark_theme").view.checked


def test_a_toast_lasts_two_seconds_and_its_words_longer(bench: Bench) -> None:
    page = bench.page()
    page.host.toast("Saved")
    bench.clock.advance(1.9)
    shown = bench.sees("Saved")
    bench.clock.advance(0.2)

    assert shown
    assert not bench.sees("Saved")
    assert bench.windows.last_toast() == "Saved"
    bench.windows.clear_last_toast()
    assert bench.windows.last_toast() is None


def test_a_long_toast_lasts_longer_and_takes_no_touches(bench: Bench) -> None:
    page = bench.page()
    page.host.toast("Patience", long=True)
    bench.clock.advance(3.4)
    toast = bench.window("toast")
    assert toast is not None

    bench.touch(*toast.bounds.center)

    assert bench.windows.current()[1] == f"{SHOP}.ItemActivity"


def test_toasts_of_two_apps_follow_each_other(bench: Bench) -> None:
    bench.windows.toast("first", SHOP)
    bench.windows.toast("second", FORM)
    before = bench.sees("first"), bench.sees("second")
    bench.clock.advance(2.1)

    assert before == (True, False)
    assert bench.sees("second")


def test_a_notification_stands_at_the_top_for_a_while_then_waits_in_the_shade(bench: Bench) -> None:
    page = bench.page()
    page.host.notify("Sale", "All half price")
    heads_up = bench.window("heads_up")
    bench.clock.advance(6)
    gone = bench.window("heads_up")
    bench.windows.open_shade()

    assert heads_up is not None and gone is None
    assert bench.sees("All half price")
    assert [one.title for one in bench.windows.notifications()] == ["Sale"]


def test_tapping_a_notification_opens_its_app_and_closes_the_shade(bench: Bench) -> None:
    page, tapped = bench.page(), []
    page.host.notify("Sale", "All half price", on_tap=lambda: tapped.append(1))
    bench.windows.home()
    bench.windows.open_shade()

    bench.tap("Sale")

    assert tapped == [1]
    assert bench.windows.current()[0] == SHOP
    assert bench.window("shade") is None
    assert bench.windows.notifications() == []


def test_a_notification_with_the_same_tag_takes_the_place_of_the_first(bench: Bench) -> None:
    page = bench.page()
    page.host.notify("Load", "10 %", tag="load")
    page.host.notify("Load", "20 %", tag="load")
    page.host.notify("Other", "x")

    assert [(one.title, one.words) for one in bench.windows.notifications()] == [("Other", "x"), ("Load", "20 %")]
    page.host.cancel_notification("load")
    assert [one.title for one in bench.windows.notifications()] == ["Other"]


def test_a_swipe_sideways_dismisses_one_and_clear_all_the_rest(bench: Bench) -> None:
    for title in ("One", "Two", "Three"):
        bench.windows.notify(SHOP, title, "words", tag=title)
    bench.windows.open_shade()
    y = bench.look("Two").visible.center[1]

    bench.drag((200, y), (900, y))
    left = [one.title for one in bench.windows.notifications()]
    bench.tap("Clear all")

    assert left == ["Three", "One"]
    assert bench.windows.notifications() == []


def test_a_heads_up_is_swiped_away_upwards_and_still_waits_in_the_shade(bench: Bench) -> None:
    bench.windows.notify(SHOP, "Hello", "words")
    window = bench.window("heads_up")
    assert window is not None
    x, y = window.bounds.center

    bench.drag((x, y), (x, y - 150), duration_s=0.2)

    assert bench.window("heads_up") is None
    assert len(bench.windows.notifications()) == 1


def test_a_stopped_apps_notifications_go(bench: Bench) -> None:
    page = bench.page()
    page.host.notify("Sale", "x")

    bench.windows.force_stop(SHOP)

    assert bench.windows.notifications() == []


def test_the_status_bar_shows_the_time_of_the_phones_own_zone() -> None:
    bench = Bench(time_zone="Asia/Shanghai")
    before = bench.look("clock").view.text
    bench.clock.advance(60)

    assert (before, bench.look("clock").view.text) == ("17:30", "17:31")


def test_the_navigation_bar_has_androids_triangle_circle_and_square(bench: Bench) -> None:
    icons = [bench.look(name, "navigation_bar").view.style.icon for name in ("Back", "Home", "Overview")]

    assert icons == ["triangle", "circle", "recents"]


@pytest.mark.parametrize(("level", "icon"), [(100, "battery"), (37, "battery_40"), (3, "battery_0"), (250, "battery")])
def test_the_status_bar_shows_the_batterys_level(bench: Bench, level: int, icon: str) -> None:
    bench.store.put("battery", {"level": level})

    shown = bench.look("battery", "status_bar").view

    assert shown.desc == f"Battery {min(100, level)} percent."
    assert shown.style.icon == icon
    assert not bench.sees(f"{level}%")


def test_the_batterys_percentage_is_in_words_if_the_owner_wants_it(bench: Bench) -> None:
    bench.store.put("battery", {"level": 37})
    bench.settings.put("system", "status_bar_show_battery_percent", "1")

    assert bench.sees("37%")
