"""Phone: a keypad, the calls made so far, and the page of a call that is going on. Table `call_log`.

Nobody ever answers: a call rings until it is ended. Columns: number, name, type (2 outgoing), date_ms, duration_s.
"""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps import address_book, kit, times
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.words import words
from device.virtual.state import Row
from device.virtual.window.view import FILL, WRAP, Style, View, column, edges, edit, icon_button, row, scroll, text

TABLE = "call_log"
OUTGOING = 2
IN_CALL = ".InCallActivity"
KEYS = ("123", "456", "789", "*0#")

STRINGS = words(
    en={
        "app_name": "Phone",
        "keypad": "Keypad",
        "recents": "Recents",
        "backspace": "Backspace",
        "dial": "Dial",
        "no_calls": "Your call log is empty",
        "calling": "Calling…",
        "end_call": "End call",
        "no_number": "Enter a number",
        "mute": "Mute",
        "speaker": "Speaker",
        "clear_log": "Clear call history",
        "clear_title": "Clear call history?",
        "clear_words": "All calls will be deleted from your history",
        "number_hint": "Phone number",
        "airplane": "Turn off airplane mode to make a call",
    },
    zh={
        "app_name": "电话",
        "keypad": "拨号键盘",
        "recents": "通话记录",
        "backspace": "退格",
        "dial": "拨号",
        "no_calls": "通话记录为空",
        "calling": "正在呼叫…",
        "end_call": "结束通话",
        "no_number": "请输入号码",
        "mute": "静音",
        "speaker": "扬声器",
        "clear_log": "清除通话记录",
        "clear_title": "要清除通话记录吗?",
        "clear_words": "系统会删除您的所有通话记录",
        "number_hint": "电话号码",
        "airplane": "要拨打电话,请关闭飞行模式",
    },
    de={
        "app_name": "Telefon",
        "keypad": "Wähltasten",
        "recents": "Anrufliste",
        "backspace": "Rücktaste",
        "dial": "Wählen",
        "no_calls": "Deine Anrufliste ist leer",
        "calling": "Wird angerufen…",
        "end_call": "Auflegen",
        "no_number": "Gib eine Nummer ein",
        "mute": "Stummschalten",
        "speaker": "Lautsprecher",
        "clear_log": "Anrufliste löschen",
        "clear_title": "Anrufliste löschen?",
        "clear_words": "Alle Anrufe werden aus deiner Liste gelöscht",
        "number_hint": "Telefonnummer",
        "airplane": "Deaktiviere den Flugmodus, um anzurufen",
    },
)


class DialerPage(DialogPage):
    """The keypad and the list of calls, one tab each."""

    title = "app_name"

    def created(self) -> None:
        self.tab = "keypad"
        self.number = str(self.extras.get("number") or str(self.extras.get("data", "")).removeprefix("tel:"))

    def view(self) -> View:
        bar = kit.app_bar(self.t("app_name"), icon_button("more", self.t("more"), self._more, id="menu_overflow"))
        body = self._keypad() if self.tab == "keypad" else self._recents()
        tabs = (("keypad", "menu", self.t("keypad")), ("recents", "clock", self.t("recents")))
        return kit.screen(bar, body, bottom=kit.tab_bar(tabs, self.tab, self._choose_tab))

    def dial(self) -> None:
        if not address_book.dialled(self.number):
            self.host.toast(self.t("no_number"))
            return
        number, self.number = self.number, ""
        self.host.open(IN_CALL, number=number)

    def _choose_tab(self, tab: str) -> None:
        self.tab = tab

    def _typed(self, number: str) -> None:
        self.number = number

    def _more(self) -> None:
        self.menu((self.t("clear_log"), self._ask_clear))

    def _ask_clear(self) -> None:
        def clear() -> None:
            self.host.store.table(TABLE).delete(lambda row: True)

        self.ask(self.t("clear_title"), self.t("clear_words"), self.t("delete"), clear)

    def _keypad(self) -> View:
        digits = edit(
            self.number, self._typed, id="digits", hint=self.t("number_hint"), input="phone", width=WRAP, weight=1,
            style=Style(text_sp=32, text_align="center", max_lines=1), pad=edges(8),
        )  # fmt: skip
        erase = icon_button("back", self.t("backspace"), lambda: self._typed(self.number[:-1]), id="deleteButton")
        look = Style(background="#1f7a3d", color="#ffffff", corner_dp=32, icon="call", icon_dp=28)
        call = icon_button(
            "call", self.t("dial"), self.dial, id="dialpad_floating_action_button", style=look, width=64, height=64,
            pad=edges(18),
        )  # fmt: skip
        keys = [row(*(self._key(key) for key in line), width=FILL, gap=12) for line in KEYS]
        line = row(digits, erase if self.number else None, width=FILL, align="center")
        pad = scroll(*keys, call, id="dialpad", height=WRAP, gap=12, align="center")  # scrolls where it does not fit
        return column(line, pad, width=FILL, weight=1, pad=edges(24, 16), gap=12, justify="end")

    def _key(self, key: str) -> View:
        label = text(key, id="dialpad_key_number", style=Style(text_sp=28, text_align="center"))
        return column(
            label, key=key, desc=key, weight=1, height=72, align="center", justify="center",
            on_tap=lambda: self._typed(self.number + key), style=Style(background="surface_variant", corner_dp=36),
        )  # fmt: skip

    def _recents(self) -> View:
        calls = self.host.store.table(TABLE).rows()[::-1]
        if not calls:
            return kit.empty_state("call", self.t("no_calls"))
        return kit.recycler([self._call(call) for call in calls])

    def _call(self, call: Row) -> View:
        number = str(call["number"])
        name = address_book.name_of(self.host.store, number)
        when = times.when(self.host.locale, int(call["date_ms"]), self.host.local_time())
        again = icon_button("call", "", lambda: self.host.open(IN_CALL, number=number), id="call_back_action")
        details = f"{number} · {when}" if name != number else when
        return kit.list_row(
            name, details, key=f"call{call['_id']}", ids=("name", "call_location_and_date"),
            leading=kit.avatar(name), trailing=again, on_tap=lambda: self.host.open(IN_CALL, number=number),
        )  # fmt: skip


class InCallPage(DialogPage):
    """A call to `number`, which starts with the page and ends with the red button. Back leaves it, and ends it too."""

    title = "calling"
    muted = False
    speaker = False

    def created(self) -> None:
        self.number = str(self.extras.get("number", ""))
        self.name = address_book.name_of(self.host.store, self.number)
        self.since_s = self.host.clock.monotonic_s()
        self.call: int | None = None
        if self.host.settings.get("global", "airplane_mode_on") == "1":
            self.host.toast(self.t("airplane"))
        else:
            now_ms = times.to_ms(self.host.clock.now())
            self.call = self.host.store.table(TABLE).insert(
                number=self.number, name=self.name, type=OUTGOING, date_ms=now_ms, duration_s=0
            )

    def resumed(self) -> None:
        if self.call is None:
            self.host.close()

    def view(self) -> View:
        look = Style(background="#b3261e", color="#ffffff", corner_dp=36, icon="hang_up", icon_dp=32)
        hang_up = icon_button(
            "call", self.t("end_call"), self.end, id="incall_end_call", style=look, width=72, height=72, pad=edges(20)
        )
        number = text(self.number, id="contactgrid_bottom_text", style=Style(text_sp=16, color=kit.QUIET))
        return column(
            text(self.t("calling"), id="contactgrid_status_text", style=Style(text_sp=16, color=kit.QUIET)),
            text(self.name, id="contactgrid_contact_name", style=Style(text_sp=32, max_lines=1)),
            number if self.name != self.number else None,
            kit.gap(24),
            kit.avatar(self.name, size_dp=120),
            column(weight=1),
            row(
                kit.action("mic", self.t("mute"), self._mute, view_id="incall_mute", selected=self.muted),
                kit.action("volume", self.t("speaker"), self._speak, view_id="incall_speaker", selected=self.speaker),
                width=FILL, pad=edges(48, 16),
            ),
            hang_up, width=FILL, height=FILL, pad=edges(24, 64), gap=8, align="center",
            style=Style(background="background"),
        )  # fmt: skip

    def back(self) -> bool:
        self.end()
        return True

    def end(self) -> None:
        duration_s = round(self.host.clock.monotonic_s() - self.since_s)
        if self.call is not None:
            self.host.store.table(TABLE).update(self.call, duration_s=duration_s)
        self.host.close()

    def _mute(self) -> None:
        self.muted = not self.muted

    def _speak(self) -> None:
        self.speaker = not self.speaker


class DialerApp(App):
    package = "com.android.dialer"
    icon = "call"
    version = "14"
    version_code = 34
    system = True
    permissions = ("android.permission.CALL_PHONE", "android.permission.READ_CONTACTS")
    tables: ClassVar[tuple[str, ...]] = (TABLE,)
    main = ".main.impl.MainActivity"
    pages = {".main.impl.MainActivity": DialerPage, IN_CALL: InCallPage}  # noqa: RUF012 - declared in App
    strings = STRINGS
