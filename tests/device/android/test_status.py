import pytest

from device.actions import Size
from device.android.status import StatusUnreadable, parse_foreground, parse_status, secure_in_front
from device.protocol import Foreground

ANDROID_14 = """\
    init=1080x2400 420dpi mMinSizeOfResizeableTaskDp=220 cur=1080x2400 app=1080x2274 rng=1080x1017-2337x2274
  mCurrentFocus=Window{d7b4c4b u0 com.android.settings/com.android.settings.Settings}
  mFocusedApp=ActivityRecord{8a5d3ce u0 com.android.settings/.Settings t12}
--
      showing=false
      secure=true
      screenState=SCREEN_STATE_ON
      interactiveState=INTERACTIVE_STATE_AWAKE
--
  mShowRequested=true mShowExplicitlyRequested=false mShowForced=false mInputShown=true
"""

LOCKED_AND_OFF = """\
    init=1080x2400 420dpi cur=1080x2400 app=1080x2274
  mCurrentFocus=null
  mFocusedApp=ActivityRecord{8a5d3ce u0 com.android.settings/.Settings t12}
--
      showing=true
      secure=false
      screenState=SCREEN_STATE_OFF
--
  mInputShown=false
"""

WINDOWS = """\
WINDOW MANAGER WINDOWS (dumpsys window windows)
  Window #0 Window{1111111 u0 NotificationShade}:
    mAttrs={(0,0)(fillxfill) sim={adjust=pan} ty=NOTIFICATION_SHADE fmt=TRANSLUCENT
      fl=NOT_FOCUSABLE TOUCHABLE_WHEN_WAKING SPLIT_TOUCH
      pfl=COLOR_SPACE_AGNOSTIC}
    isVisible=false
  Window #1 Window{d7b4c4b u0 com.bank/com.bank.PinActivity}:
    mAttrs={(0,0)(fillxfill) sim={adjust=pan forwardNavigation} ty=BASE_APPLICATION wanim=0x10302f4
      fl=LAYOUT_IN_SCREEN SECURE LAYOUT_INSET_DECOR
      pfl=INSET_PARENT_FRAME_BY_IME}
    isVisible=true
  Window #2 Window{2222222 u0 com.android.launcher3/com.android.launcher3.Launcher}:
    mAttrs={(0,0)(fillxfill) ty=BASE_APPLICATION
      fl=LAYOUT_IN_SCREEN}
    isVisible=false
"""


def test_a_status_tells_size_app_keyboard_and_lock():
    status = parse_status(ANDROID_14)

    assert status.size == Size(1080, 2400)
    assert status.foreground == Foreground("com.android.settings", "com.android.settings.Settings")
    assert (status.keyboard_shown, status.screen_on, status.lock) == (True, True, "unlocked")
    assert status.quarter_turned is False


def test_a_turned_phone_has_its_width_and_height_exchanged():
    status = parse_status(ANDROID_14.replace("cur=1080x2400", "cur=2400x1080"))

    assert status.size == Size(2400, 1080)
    assert status.quarter_turned is True


def test_a_phone_that_is_off_with_a_swipe_lock_still_says_which_app_is_behind():
    status = parse_status(LOCKED_AND_OFF)

    assert (status.screen_on, status.lock) == (False, "swipe")
    assert status.foreground == Foreground("com.android.settings", "com.android.settings.Settings")


def test_a_lock_with_a_pin_is_secure_only_while_it_shows():
    shown = LOCKED_AND_OFF.replace("secure=false", "secure=true")

    assert parse_status(shown).lock == "secure"
    assert parse_status(shown.replace("showing=true", "showing=false")).lock == "unlocked"


def test_an_answer_without_a_size_is_no_status():
    with pytest.raises(StatusUnreadable):
        parse_status("sh: dumpsys: inaccessible or not found\n--\n--\n")


def test_the_notification_shade_is_the_system_in_front():
    text = "mCurrentFocus=Window{1 u0 NotificationShade}\nmFocusedApp=ActivityRecord{2 u0 a.b/.C t1}"

    assert parse_foreground(text) == Foreground("com.android.systemui", "")


def test_a_crash_dialog_belongs_to_the_system():
    assert parse_foreground("mCurrentFocus=Window{1 u0 Application Error: a.b}") == Foreground("android", "")


def test_a_popup_without_a_name_leaves_its_app_in_front():
    text = "mCurrentFocus=Window{1 u0 PopupWindow:a1}\nmFocusedApp=ActivityRecord{2 u0 a.b/.C t1}"

    assert parse_foreground(text) == Foreground("a.b", "a.b.C")


def test_only_the_window_in_front_makes_the_screen_protected():
    assert secure_in_front(WINDOWS, "d7b4c4b")
    assert not secure_in_front(WINDOWS, "2222222")


def test_the_flag_is_read_as_a_number_too():
    old = "Window #1 Window{abc u0 com.bank/.Pin}:\n  mAttrs=WM.LayoutParams{(0,0)(fillxfill) fl=#{} pfl=0x20000}\n"

    assert secure_in_front(old.replace("{}", "81812100"), "abc")
    assert not secure_in_front(old.replace("{}", "81810100"), "abc")


def test_another_display_before_the_main_one_changes_nothing():
    cast = (
        "  Display: mDisplayId=2\n    init=1920x1080 160dpi cur=1920x1080\n  mCurrentFocus=null\n  mFocusedApp=null\n"
    )
    status = parse_status(cast + "  Display: mDisplayId=0 (organized)\n" + ANDROID_14)

    assert status.size == Size(1080, 2400)
    assert status.foreground.package == "com.android.settings"
