"""ApiDemos: the samples of the menus App, Content and OS."""

from __future__ import annotations

from functools import partial

from device.virtual.app import Page
from device.virtual.apps import address_book, kit
from device.virtual.apps.apidemos.page import DemoPage
from device.virtual.apps.dialogs import answer, choice, question, sheet
from device.virtual.window.view import FILL, Style, View, button, checkbox, column, edges, edit, row, scroll, text

OK, NO = "OK", "Cancel"
COMMANDS = ("Command one", "Command two", "Command three", "Command four")
PLACES = ("Map", "Satellite", "Traffic", "Street view")
LONG = "A dialog has to say what it is about, however long that takes, and its buttons must stay within reach below it."


class AlertDialogsPage(DemoPage):
    """Buttons that each open another kind of dialog."""

    def started(self) -> None:
        self.chosen = 0
        self.repeats = [False] * 3
        self.entered = {"username": "", "password": ""}

    def view(self) -> View:
        buttons = (
            ("OK Cancel dialog with a message", "two_buttons", self._message),
            ("OK Cancel dialog with a long message", "two_buttons2", self._long_message),
            ("OK Cancel dialog with ultra long message", "two_buttons2ultra", self._ultra_long_message),
            ("List dialog", "select_button", self._list),
            ("Single choice list", "radio_button", self._single_choice),
            ("Repeat alarm", "checkbox_button", self._repeat),
            ("Text Entry dialog", "text_entry_button", self._text_entry),
        )
        rows = [button(words, act, id=view_id, width=FILL) for words, view_id, act in buttons]
        return self.page(scroll(*rows, id="screen", weight=1, gap=8))

    def _ask(self, title: str, words: str) -> None:
        self.show(lambda: question(title, words, yes=OK, on_yes=self.hide, no=NO, on_no=self.hide))

    def _message(self) -> None:
        self._ask("Lorem ipsum dolor sit aie consectetur adipiscing", "")

    def _long_message(self) -> None:
        self._ask("Header title", LONG)

    def _ultra_long_message(self) -> None:
        words = text(" ".join([LONG] * 12), id="android:id/message", style=Style(text_sp=14, color=kit.QUIET))
        buttons = (answer("Something", self.hide, 3), answer(NO, self.hide, 2), answer(OK, self.hide))
        self.show(lambda: sheet("Header title", scroll(words, height=320.0), buttons=buttons))

    def _list(self) -> None:
        def chosen(index: int) -> None:
            self.show(lambda: question("", f"You selected: {index} , {COMMANDS[index]}", yes=OK, on_yes=self.hide))

        rows = [
            text(words, id="android:id/text1", key=words, width=FILL, pad=edges(0, 14), on_tap=partial(chosen, index))
            for index, words in enumerate(COMMANDS)
        ]
        listing = column(*rows, id="android:id/select_dialog_listview", cls="android.widget.ListView", width=FILL)
        self.show(lambda: sheet("Header title", listing))

    def _single_choice(self) -> None:
        def choose(index: int) -> None:
            self.chosen = index

        self.show(lambda: choice("Single choice list", PLACES, self.chosen, choose, no=OK, on_no=self.hide))

    def _repeat(self) -> None:
        days = ("Every Monday", "Every Tuesday", "Every Wednesday")

        def toggle(index: int) -> None:
            self.repeats[index] = not self.repeats[index]

        def build() -> View:
            rows = [
                checkbox(self.repeats[i], partial(toggle, i), text=day, key=day, width=FILL)
                for i, day in enumerate(days)
            ]
            return sheet("Repeat alarm", *rows, buttons=(answer(NO, self.hide, 2), answer(OK, self.hide)))

        self.show(build)

    def _text_entry(self) -> None:
        def typed(name: str, words: str) -> None:
            self.entered[name] = words

        def build() -> View:
            name = edit(self.entered["username"], lambda words: typed("username", words), id="username_edit")
            secret = edit(
                self.entered["password"], lambda words: typed("password", words), id="password_edit", input="password"
            )
            fields = (text("Name:", id="username_view"), name, text("Password:", id="password_view"), secret)
            buttons = (answer(NO, self.hide, 2), answer(OK, self.hide))
            return sheet("Text Entry dialog", *fields, buttons=buttons)

        self.show(build)


class HelloPage(DemoPage):
    def view(self) -> View:
        return self.page(text("Hello, World!", id="text"))


class CustomTitlePage(DemoPage):
    """Two fields whose words become the two ends of the title."""

    def started(self) -> None:
        self.typed = ["Left is best", "Right is always right"]
        self.shown = list(self.typed)

    def view(self) -> View:
        title = row(
            text(self.shown[0], id="left_text", weight=1),
            text(self.shown[1], id="right_text"),
            width=FILL,
            pad=edges(0, 12),
        )
        sides = [self._side(index, words) for index, words in enumerate(("Left", "Right"))]
        return self.page(title, *sides)

    def _side(self, index: int, words: str) -> View:
        def typed(new: str) -> None:
            self.typed[index] = new

        def change() -> None:
            self.shown[index] = self.typed[index]

        field = edit(self.typed[index], typed, id=f"{words.lower()}_text_edit", weight=1)
        return row(
            field,
            button(f"Change {words}", change, id=f"{words.lower()}_text_button"),
            width=FILL,
            gap=8,
            align="center",
        )


class KeptTextPage(DemoPage):
    """A field that keeps what is typed. The class says whether also beyond the page's life."""

    kept = True

    def started(self) -> None:
        self.document = f"{self.host.package}.kept_text"
        self.words = str(self.host.store.document(self.document, "")) if self.kept else ""

    def view(self) -> View:
        saves = (
            "The text is kept when the activity is closed." if self.kept else "The text lives as long as the activity."
        )
        return self.page(
            text(saves, id="msg"), edit(self.words, self._typed, id="saved", input="multiline", height=120.0)
        )

    def _typed(self, words: str) -> None:
        self.words = words
        if self.kept:
            self.host.store.put(self.document, words)


class RestoredTextPage(KeptTextPage):
    kept = False


class SecureWindowPage(DemoPage):
    secure = True

    def view(self) -> View:
        return self.page(text("This window is secure: it cannot be captured.", id="message"))


class AlarmControllerPage(DemoPage):
    def view(self) -> View:
        return self.page(
            text("In this sample an alarm goes off after a few seconds."),
            button("One Shot Alarm", self._schedule, id="one_shot"),
            button("Repeating Alarm", self._schedule, id="start_repeating"),
            button(
                "Stop Repeating Alarm",
                lambda: self.host.toast("Repeating alarm has been unscheduled"),
                id="stop_repeating",
            ),
        )

    def _schedule(self) -> None:
        self.host.toast("Alarm will go off in 5 seconds", long=True)
        self.host.after(5.0, lambda: self.host.toast("The alarm has gone off"))


class MenuInflatePage(DemoPage):
    """An options menu chosen by a spinner and opened by the overflow button."""

    menus: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Title only", ("Title only",)),
        ("Title and Icon", ("Title and Icon", "Another item")),
        ("Submenu", ("Normal 1", "Submenu", "Normal 2")),
        ("Groups", ("Browser Visibility", "Email Visibility", "Non Group Visibility")),
        ("Disabled", ("Enabled item", "Disabled item")),
    )

    def started(self) -> None:
        self.index = 0

    def view(self) -> View:
        name = self.menus[self.index][0]
        spinner = row(
            text(name, id="android:id/text1", weight=1), width=FILL, id="spinner", cls="android.widget.Spinner",
            pad=edges(12), on_tap=self._choose, style=Style(border="outline", corner_dp=4),
        )  # fmt: skip
        return self.page(
            text("Select a menu resource and press the menu button."),
            spinner,
            button("Menu", self._open, desc="More options", id="menu_button"),
        )

    def _choose(self) -> None:
        def chosen(index: int) -> None:
            self.index = index
            self.hide()

        names = [name for name, _ in self.menus]
        self.show(lambda: choice("Menu", names, self.index, chosen, no=NO, on_no=self.hide))

    def _open(self) -> None:
        items = self.menus[self.index][1]
        self.menu(*((words, partial(self.host.toast, words)) for words in items))


class IncomingMessagePage(DemoPage):
    def view(self) -> View:
        return self.page(
            button("Show App Notification", self._notify, id="notify_app"),
            button("Show Interstitial Notification", self._notify, id="notify_interstitial"),
        )

    def _notify(self) -> None:
        self.host.notify("Joe", "kthx. meet u for dinner. cul8r", tag="incoming")


class NotifyWithTextPage(DemoPage):
    def view(self) -> View:
        return self.page(
            button("Show Short Notification", lambda: self.host.toast("Short notification"), id="short_notify"),
            button(
                "Show Long Notification", lambda: self.host.toast("Long notification text", long=True), id="long_notify"
            ),
        )


class StatusBarPage(DemoPage):
    moods = (("Happy", "I am happy", "happy"), ("Neutral", "I am ok", "neutral"), ("Sad", "I am sad", "sad"))

    def view(self) -> View:
        buttons = [
            button(name, partial(self.host.notify, "Mood ring", words, tag="mood"), id=view_id)
            for name, words, view_id in self.moods
        ]
        clear = button("Clear notification", lambda: self.host.cancel_notification("mood"), id="clear")
        return self.page(text("These buttons put a notification into the status bar."), *buttons, clear)


class SearchInvokePage(DemoPage):
    """Fills a search in and starts it."""

    def started(self) -> None:
        self.query = ""
        self.data = ""

    def view(self) -> View:
        return self.page(
            text("Some sample text to start the search with:"),
            edit(self.query, self._typed, id="txt_query_prefill", hint="Prefill query", on_enter=self._search),
            edit(self.data, self._typed_data, id="txt_query_appdata", hint="Prefill app data"),
            button("onSearchRequested()", self._search, id="btn_start_search"),
        )

    def _typed(self, words: str) -> None:
        self.query = words

    def _typed_data(self, words: str) -> None:
        self.data = words

    def _search(self) -> None:
        self.host.hide_keyboard()
        self.host.open(
            ".app.SearchQueryResults", query=self.query, data=self.data, path="App/Search/Query Search Results"
        )


class SearchResultsPage(DemoPage):
    def view(self) -> View:
        query = str(self.extras.get("query", ""))
        return self.page(
            text("Query:"), text(query or "(none)", id="txt_query"), text("App data:"),
            text(str(self.extras.get("data", "")) or "(none)", id="txt_appdata"),
        )  # fmt: skip


class SmsPage(DemoPage):
    """Hands a message to the messages app, which asks before it sends anything."""

    def started(self) -> None:
        self.values = {"recipient": "", "body": ""}

    def view(self) -> View:
        return self.page(
            edit(
                self.values["recipient"], self._change("recipient"), id="sms_recipient", hint="Recipient", input="phone"
            ),
            edit(self.values["body"], self._change("body"), id="sms_content", hint="Message", input="multiline"),
            button("Send", self._send, id="sms_send_message"),
        )

    def _change(self, name: str) -> kit.Typed:
        def typed(words: str) -> None:
            self.values[name] = words

        return typed

    def _send(self) -> None:
        number = address_book.dialled(self.values["recipient"])
        if not number:
            self.host.toast("Please enter a message recipient.")
        elif not self.values["body"].strip():
            self.host.toast("Please enter a message body.")
        else:
            activity = ".ui.conversation.ConversationActivity"
            self.host.start("com.android.messaging", activity, address=number, sms_body=self.values["body"])


PAGES: dict[str, type[Page]] = {
    ".app.AlertDialogSamples": AlertDialogsPage,
    ".app.HelloWorld": HelloPage,
    ".app.CustomTitle": CustomTitlePage,
    ".app.PersistentState": KeptTextPage,
    ".app.SaveRestoreState": RestoredTextPage,
    ".app.SecureWindowActivity": SecureWindowPage,
    ".app.AlarmController": AlarmControllerPage,
    ".app.MenuInflateFromXml": MenuInflatePage,
    ".app.IncomingMessage": IncomingMessagePage,
    ".app.NotifyWithText": NotifyWithTextPage,
    ".app.StatusBarNotifications": StatusBarPage,
    ".app.SearchInvoke": SearchInvokePage,
    ".app.SearchQueryResults": SearchResultsPage,
    ".os.SmsMessagingDemo": SmsPage,
}
