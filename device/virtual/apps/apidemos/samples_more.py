"""ApiDemos: the samples with lists, dates, tabs and preferences."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from device.virtual.app import Page
from device.virtual.apps import kit, times
from device.virtual.apps.apidemos.page import DemoPage, list_row
from device.virtual.apps.dialogs import answer, entry, question, sheet
from device.virtual.window.view import FILL, Style, View, button, column, edges, edit, list_view, radio, row, text

CHEESES = (
    "Abondance", "Appenzell", "Asiago", "Bavarian Bergkase", "Beaufort", "Bel Paese", "Blue", "Brie", "Cabrales",
    "Caciocavallo", "Camembert", "Cheddar", "Colby", "Cottage Cheese", "Danbo", "Edam", "Emmental", "Feta", "Fontina",
    "Gorgonzola", "Gouda", "Gruyere", "Halloumi", "Havarti", "Limburger", "Manchego", "Mascarpone", "Mozzarella",
    "Munster", "Parmesan", "Pecorino", "Provolone", "Quark", "Raclette", "Ricotta", "Roquefort", "Stilton", "Tilsit",
)  # fmt: skip
COUNTRIES = (
    "Argentina", "Australia", "Austria", "Belgium", "Brazil", "Canada", "China", "Denmark", "Finland", "France",
    "Germany", "Greece", "India", "Italy", "Japan", "Mexico", "Netherlands", "Norway", "Poland", "Portugal",
    "Spain", "Sweden",
)  # fmt: skip
MORSE = {
    "A": ".-", "B": "-...", "C": "-.-.", "D": "-..", "E": ".", "F": "..-.", "G": "--.", "H": "....", "I": "..",
    "J": ".---", "K": "-.-", "L": ".-..", "M": "--", "N": "-.", "O": "---", "P": ".--.", "Q": "--.-", "R": ".-.",
    "S": "...", "T": "-", "U": "..-", "V": "...-", "W": ".--", "X": "-..-", "Y": "-.--", "Z": "--..",
}  # fmt: skip


class ArrayListPage(DemoPage):
    def view(self) -> View:
        rows = [list_row(cheese, partial(self.host.toast, cheese)) for cheese in CHEESES]
        return column(kit.app_bar(self.path), list_view(rows, weight=1), width=FILL, height=FILL, style=_PLAIN)


class SingleChoicePage(DemoPage):
    def started(self) -> None:
        self.chosen = ""

    def view(self) -> View:
        rows = [
            row(
                text(cheese, id="android:id/text1", weight=1, style=Style(text_sp=18)),
                radio(self.chosen == cheese, None),
                key=cheese, width=FILL, height=56, pad=edges(16, 0), align="center", on_tap=partial(self._pick, cheese),
            )
            for cheese in CHEESES
        ]  # fmt: skip
        return column(kit.app_bar(self.path), list_view(rows, weight=1), width=FILL, height=FILL, style=_PLAIN)

    def _pick(self, cheese: str) -> None:
        self.chosen = cheese


class ExpandablePage(DemoPage):
    groups = (
        ("People Names", ("Arnold", "Barry", "Chuck", "David")),
        ("Dog Names", ("Ace", "Bandit", "Cha-Cha", "Deuce")),
        ("Cat Names", ("Fluffy", "Snuggles")),
        ("Fish Names", ("Goldy", "Bubbles")),
    )

    def started(self) -> None:
        self.open: set[str] = set()

    def view(self) -> View:
        rows: list[View] = []
        for group, names in self.groups:
            rows.append(list_row(group, partial(self._flip, group)))
            if group in self.open:
                rows += [list_row(f"    {name}", lambda: None) for name in names]
        listing = list_view(rows, weight=1, cls="android.widget.ExpandableListView")
        return column(kit.app_bar(self.path), listing, width=FILL, height=FILL, style=_PLAIN)

    def _flip(self, group: str) -> None:
        self.open ^= {group}


class FilterPage(DemoPage):
    """A list that shows what contains the words typed above it."""

    offered: tuple[str, ...] = CHEESES
    field_id = "search_src_text"

    def started(self) -> None:
        self.query = ""

    def view(self) -> View:
        hits = [words for words in self.offered if self.query.casefold() in words.casefold()]
        rows = [list_row(words, partial(self._typed, words)) for words in hits]
        field = edit(self.query, self._typed, id=self.field_id, hint="Search", margin=edges(16, 8))
        return column(kit.app_bar(self.path), field, list_view(rows, weight=1), width=FILL, height=FILL, style=_PLAIN)

    def _typed(self, words: str) -> None:
        self.query = words


class AutoCompletePage(FilterPage):
    offered = COUNTRIES
    field_id = "edit"


class DatePage(DemoPage):
    """A moment, changed by dialogs for its date and its time."""

    def started(self) -> None:
        self.moment = self.host.local_time().replace(second=0, microsecond=0)
        self.typed = ""

    def view(self) -> View:
        words = f"{self.moment:%m-%d-%Y %H:%M}"
        return self.page(
            text(words, id="dateDisplay", style=Style(text_sp=24)),
            button("change the date", self._date, id="pickDate"),
            button("change the time", lambda: self._time("%H:%M"), id="pickTime"),
        )

    def _date(self) -> None:
        def move(days: int) -> None:
            self.moment += timedelta(days=days)

        def build() -> View:
            steps = (("-1 month", -30), ("-1 day", -1), ("+1 day", 1), ("+1 month", 30))
            buttons = [kit.tonal_button(words, partial(move, days), pad=edges(10)) for words, days in steps]
            shown = text(
                times.long_date("en", self.moment), id="android:id/date_picker_header_date", style=Style(text_sp=24)
            )
            done = answer("OK", self.hide)
            return sheet("Select date", shown, row(*buttons[:2], gap=8), row(*buttons[2:], gap=8), buttons=(done,))

        self.show(build)

    def _time(self, form: str) -> None:
        self.typed = self.moment.strftime(form)

        def typed(words: str) -> None:
            self.typed = words

        def done() -> None:
            hour, _, minute = self.typed.partition(":")
            if hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60:
                self.moment = self.moment.replace(hour=int(hour), minute=int(minute))
                self.hide()
            else:
                self.host.toast("Enter a time as 07:30")

        self.show(
            lambda: entry(
                "Set time", self.typed, typed, hint="HH:MM", yes="OK", on_yes=done, no="Cancel", on_no=self.hide
            )
        )


class PickerPage(DemoPage):
    def started(self) -> None:
        self.number = 0

    def view(self) -> View:
        value = text(str(self.number), id="android:id/numberpicker_input", style=Style(text_sp=32))
        up = button("+", lambda: self._step(1), desc="Increase")
        down = button("-", lambda: self._step(-1), desc="Decrease")
        return self.page(column(up, value, down, width=FILL, gap=12, align="center"))

    def _step(self, by: int) -> None:
        self.number = (self.number + by) % 21


class PopupMenuPage(DemoPage):
    def view(self) -> View:
        return self.page(button("Make a Popup!", self._open, id="popup_menu"))

    def _open(self) -> None:
        def chosen(words: str) -> None:
            self.host.toast(f"Clicked popup menu item {words}")

        self.menu(*((words, partial(chosen, words)) for words in ("Search", "Add", "Edit", "Share")))


class TabsPage(DemoPage):
    def started(self) -> None:
        self.tab = 1

    def view(self) -> View:
        tabs = row(
            *(self._tab(number) for number in (1, 2, 3)),
            id="android:id/tabs",
            cls="android.widget.TabWidget",
            width=FILL,
        )
        return self.page(tabs, text(f"tab{self.tab}", id=f"view{self.tab}", style=Style(text_sp=24)))

    def _tab(self, number: int) -> View:
        def choose() -> None:
            self.tab = number

        look = Style(
            bold=self.tab == number, text_align="center", color="primary" if self.tab == number else "on_surface"
        )
        return text(
            f"tab{number}", id="android:id/title", key=f"tab{number}", weight=1, pad=edges(12, 16), on_tap=choose,
            selected=self.tab == number, style=look,
        )  # fmt: skip


class SecureViewPage(DemoPage):
    """Something that must not be tapped by mistake: it asks first."""

    def view(self) -> View:
        return self.page(
            text("A view that covers another must not be able to steal its touches."),
            button("Don't click! It'll cost you!", self._ask, id="secure_view_unsecure_button"),
        )

    def _ask(self) -> None:
        words = "You just spent a lot of money!"
        self.show(lambda: question("Oops", words, yes="OK", on_yes=self.hide))


class LogPage(DemoPage):
    def started(self) -> None:
        self.lines = ["This is a test"]

    def view(self) -> View:
        def add() -> None:
            self.lines.append("This is a test")

        return self.page(button("Add", add, id="add"), text("\n".join(self.lines), id="text"))


class MorsePage(DemoPage):
    def started(self) -> None:
        self.words = ""
        self.code = ""

    def view(self) -> View:
        field = edit(self.words, self._typed, id="text", hint="Type a message")
        return self.page(field, button("Vibrate", self._encode, id="button"), text(self.code, id="code"))

    def _typed(self, words: str) -> None:
        self.words = words

    def _encode(self) -> None:
        self.code = " ".join(MORSE[letter] for letter in self.words.upper() if letter in MORSE)


class ClipboardPage(DemoPage):
    def started(self) -> None:
        self.clip = ""

    def view(self) -> View:
        kinds = ("Copy Plain Text", "Copy HTML Text", "Copy Intent")
        buttons = [button(words, partial(self._copy, words), key=words) for words in kinds]
        return self.page(*buttons, text(f"Data type: {self.clip or 'none'}", id="clip_mime_types"))

    def _copy(self, words: str) -> None:
        self.clip = {"Copy Plain Text": "text/plain", "Copy HTML Text": "text/html"}.get(
            words, "text/vnd.android.intent"
        )


class PreferencesPage(DemoPage):
    """Preferences that are kept. In the class below a dependent one needs the first."""

    rows: tuple[tuple[str, str, str], ...] = (
        ("checkbox", "Checkbox preference", "This is a checkbox"),
        ("switch", "Switch preference", "This is a switch"),
        ("parent", "Parent checkbox preference", "This is visually a parent"),
    )
    dependent = ""

    def started(self) -> None:
        self.document = f"{self.host.package}.preferences"

    def view(self) -> View:
        on = self.host.store.document(self.document, {})
        first = self.rows[0][0]
        rows = [
            kit.switch_row(
                title, words, bool(on.get(key)), partial(self._flip, key), key=key,
                enabled=key != self.dependent or bool(on.get(first)),
            )
            for key, title, words in self.rows
        ]  # fmt: skip
        return column(kit.app_bar(self.path), list_view(rows, weight=1), width=FILL, height=FILL, style=_PLAIN)

    def _flip(self, key: str) -> None:
        on = self.host.store.document(self.document, {})
        self.host.store.put(self.document, {**on, key: not on.get(key)})


class DependenciesPage(PreferencesPage):
    rows = (("wifi", "WiFi", "Turn WiFi on"), ("wifi_settings", "WiFi settings", "Needs WiFi to be on"))
    dependent = "wifi_settings"


_PLAIN = Style(background="background")

PAGES: dict[str, type[Page]] = {
    ".content.ClipboardSample": ClipboardPage,
    ".os.MorseCode": MorsePage,
    ".preference.PreferencesFromXml": PreferencesPage,
    ".preference.PreferenceDependencies": DependenciesPage,
    ".preference.SwitchPreference": PreferencesPage,
    ".text.LogTextBox1": LogPage,
    ".view.AutoComplete1": AutoCompletePage,
    ".view.DateWidgets1": DatePage,
    ".view.DateWidgets2": DatePage,
    ".view.ExpandableList1": ExpandablePage,
    ".view.List1": ArrayListPage,
    ".view.List10": SingleChoicePage,
    ".view.NumberPickerActivity": PickerPage,
    ".view.PopupMenu1": PopupMenuPage,
    ".view.SearchViewFilterMode": FilterPage,
    ".view.SecureView": SecureViewPage,
    ".view.Tabs1": TabsPage,
}
