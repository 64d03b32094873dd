"""What is recognised as coming between, and which button is taken for the way out."""

from __future__ import annotations

import pytest

from device.actions import Size
from device.fake import node, tree
from perception.screen import Screen, parse_hierarchy
from replay.interruptions import interruption, popup

SIZE = Size(1080, 2400)
WHOLE, DIALOG = (0, 0, 1080, 2400), (100, 800, 980, 1600)


def screen(*nodes: str, package: str = "com.app", activity: str = "") -> Screen:
    return parse_hierarchy(tree(*nodes), size=SIZE, package=package, activity=activity)


def window(*parts: str, package: str = "com.app", bounds: tuple[int, int, int, int] = DIALOG) -> str:
    return node(package=package, _class="android.widget.FrameLayout", bounds=bounds).replace(
        " />", f">{''.join(parts)}</node>"
    )


def button(words: str, *, entry: str = "", package: str = "com.app", at: int = 900) -> str:
    ids = {"resource_id": f"{package}:id/{entry}"} if entry else {}
    return node(words, bounds=(200, at, 800, at + 100), clickable="true", package=package, **ids)


def test_an_ordinary_page_is_no_interruption() -> None:
    page = screen(window(node("Inbox"), button("Later"), bounds=WHOLE))
    assert interruption(page) is None and popup(page) is None


@pytest.mark.parametrize("package", ["com.android.permissioncontroller", "com.google.android.permissioncontroller"])
def test_a_permission_request_is_denied_by_its_own_button(package: str) -> None:
    found = interruption(
        screen(
            window(
                node("Allow App to take pictures?", package=package, resource_id=f"{package}:id/permission_message"),
                button("Allow", entry="permission_allow_button", package=package),
                button("Don't allow", entry="permission_deny_button", package=package, at=1100),
                package=package,
            ),
            package=package,
        )
    )
    assert found is not None and found.kind == "permission"
    assert found.button is not None and found.button.text == "Don't allow"


def test_a_request_that_can_only_be_denied_for_good_is_the_owners() -> None:
    package = "com.android.permissioncontroller"
    found = interruption(
        screen(
            window(
                button("Allow", entry="permission_allow_button", package=package),
                button("Never", entry="permission_deny_and_dont_ask_again_button", package=package, at=1100),
                package=package,
            ),
            package=package,
        )
    )
    assert found is not None and found.button is None


def test_an_apps_own_allow_button_is_no_permission_request() -> None:
    assert interruption(screen(window(button("Allow", entry="permission_allow_button")))) is None


def test_an_app_that_hangs_gets_wait_and_not_close() -> None:
    dialog = window(
        node("App isn't responding", package="android", resource_id="android:id/alertTitle"),
        button("Close app", entry="aerr_close", package="android"),
        button("Wait", entry="aerr_wait", package="android", at=1100),
        package="android",
    )
    found = interruption(screen(dialog, package="android"))
    assert found is not None and found.kind == "not_responding"
    assert found.button is not None and found.button.text == "Wait"


@pytest.mark.parametrize(
    "words", ["Not now", "NOT NOW", "Maybe later", "No, thanks", "Nicht jetzt", "Später", "Plus tard", "以后再说"]
)
def test_a_pop_up_is_put_off_by_words_of_many_languages(words: str) -> None:
    found = popup(screen(window(node("Enjoying App?"), button("Rate now"), button(words, at=1100))))
    assert found is not None and found.button is not None and found.button.text == words


@pytest.mark.parametrize("words", ["Cancel", "No", "OK", "Discard", "Delete", "Skip", "Agree", "Abbrechen", "取消"])
def test_other_buttons_are_never_taken_for_the_way_out(words: str) -> None:
    assert popup(screen(window(node("Delete 3 files?"), button(words), button("Yes", at=1100)))) is None


def test_a_cross_is_tapped_only_on_what_advertises() -> None:
    cross = node(bounds=(800, 820, 900, 920), clickable="true", content_desc="Close")
    assert popup(screen(window(node("Your draft"), cross))) is None
    found = popup(screen(window(node("Get 20% off with Premium"), cross)))
    assert found is not None and found.button is not None and found.button.description == "Close"


def test_a_disabled_button_is_no_way_out() -> None:
    off = node("Not now", bounds=(200, 900, 800, 1000), clickable="true", enabled="false")
    assert popup(screen(window(node("Enjoying App?"), off))) is None


def test_a_call_is_recognised_and_has_no_button_of_ours() -> None:
    package = "com.android.dialer"
    ringing = window(button("Answer", entry="answer_button", package=package), package=package, bounds=WHOLE)
    found = interruption(screen(ringing, package=package, activity=f"{package}.incallui.InCallActivity"))
    assert found is not None and (found.kind, found.button) == ("call", None)
    assert interruption(screen(ringing, package=package, activity=f"{package}.MainActivity")) is None


def test_the_shade_is_told_from_the_status_bar() -> None:
    package = "com.android.systemui"
    panel = node(package=package, resource_id=f"{package}:id/quick_settings_panel", bounds=(0, 100, 1080, 600))
    shade = window(panel, package=package, bounds=(0, 0, 1080, 2000))
    page = window(node("Inbox"), bounds=WHOLE)
    found = interruption(screen(shade, page))
    assert found is not None and found.kind == "shade"
    bar = window(node("12:00", package=package), package=package, bounds=(0, 0, 1080, 90))
    assert interruption(screen(page, bar)) is None
