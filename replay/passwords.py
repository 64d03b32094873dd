"""Nothing that stands in a password field is kept: hierarchies lose it before anything else sees them.

Android itself shows bullets, but not always: a field with "show password" switched on, or the letter typed last. So the
text of every password field is replaced by the same few bullets, however long it is, and its hint and description are
emptied unless they are plain labels ("Password", "Enter PIN"). A field once seen as a password stays one while it is
watched, also when an eye icon makes it readable: known by its id, else by its place on the page. What stood in such a
field, or was typed there, is masked wherever else it is said; a single character is not, for it is everywhere. A place
is held only as long as the page says some of what it said around the field: an app of one activity has other pages
with other fields there, and what stands in those is no secret. Works on the text of the dump, before it is parsed, so
that what is stored and what is understood are the same.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from device.protocol import Foreground, Reading

BULLETS: Final = "\u2022" * 8
SECRET: Final = "secret://"
_TAG: Final = re.compile(r"</?[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_ATTRIBUTE: Final = re.compile(r"""(\s)([\w-]+)=("[^"]*"|'[^']*')""")
_REFERENCE: Final = re.compile(r"(?:secret://[A-Za-z0-9_.-]{1,64})+")
_HIDDEN: Final = re.compile("[\u2022\u25cf\u2217*\u00b7\u2024\u26ab]")  # what stands for a character not shown
_TOKEN: Final = re.compile(r"[a-z0-9]+")
_WORD: Final = re.compile(r"[^\W_]+")
_SAID: Final = ("text", "content-desc", "hint")
_STRUCTURE: Final = frozenset(
    ("bounds", "index", "rotation", "class", "package", "resource-id", "version", "encoding", "drawing-order")
)
SURROUNDINGS_MIN: Final = 0.25  # of the words around a field: with fewer left it is another page. A keyboard or an
# error leaves more of a form than that, and in doubt the field is a password's
_ALONE_MAX: Final = 3  # a password as short as that is masked only where it stands alone
_LABEL_WORDS: Final = (
    "a again and choose code confirm confirmation create current digit digits edit enter field for in input lock login "
    "new old pass passcode passphrase password passwords pin please repeat required retype screen security set "
    "sign text the to type verify wifi your "
    "passwort kennwort eingeben geben sie ihr dein bestätigen neues "
    "contraseña clave introduce tu senha mot de passe votre wachtwoord "
    "密码 输入密码 请输入密码 パスワード 비밀번호"
)
_LABELS: Final = frozenset(_LABEL_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field without an id is, on which page."""

    page: Foreground
    kind: str
    path: str
    bounds: str

    def is_at(self, other: _Place) -> bool:
        """Whether the same field may be there: a page may have moved up, or got a node more."""
        if (self.page, self.kind) != (other.page, other.kind):
            return False
        return self.path == other.path or (bool(self.bounds) and self.bounds == other.bounds)


class Redactor:
    """Removes what stands in password fields, reading after reading of one device."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()  # package and id of fields once seen as passwords
        self._places: dict[_Place, tuple[str, frozenset[str]]] = {}  # without an id: hint, and what the page said
        self._secrets: set[str] = set()
        self._focused = False  # whether a password field was about to take text
        self._typed: list[str] = []

    def typed(self, text: str) -> None:
        """This text was typed: a password if it went into a password field, as the readings around it tell."""
        self._typed.append(text)

    def redacted(self, reading: Reading) -> Reading:
        """The reading without any text of a password field; the same object where there is none."""
        tags = list(_tags(reading.hierarchy)) if self._wanted(reading.hierarchy) else []
        around = _said_around(tags)
        ours = {at for at, tag, path in tags if self._is_password(tag, _place(reading, tag, path), around)}
        was, self._focused = (
            self._focused,
            any(_attribute(tag, "focused") == "true" for at, tag, _ in tags if at in ours),
        )
        if was or self._focused:
            for text in self._typed:
                self._remember(text)
        self._typed.clear()
        for at, tag, _ in tags:
            if at in ours:
                for name in _SAID:
                    self._remember(html.unescape(_attribute(tag, name)))
        if not ours and not self._secrets:
            return reading
        elsewhere = _pattern(self._secrets)

        def put(match: re.Match[str]) -> str:
            tag = _emptied(match[0]) if match.start() in ours else match[0]
            return tag if elsewhere is None else _masked(tag, elsewhere)

        hierarchy = _TAG.sub(put, reading.hierarchy)
        return reading if hierarchy == reading.hierarchy else replace(reading, hierarchy=hierarchy)

    def _wanted(self, hierarchy: str) -> bool:
        return bool(self._known or self._places) or 'password="true"' in hierarchy or "password='true'" in hierarchy

    def _is_password(self, tag: str, place: _Place, around: frozenset[str]) -> bool:
        name = (_attribute(tag, "package"), _attribute(tag, "resource-id"))
        if _attribute(tag, "password") == "true":
            if name[1]:
                self._known.add(name)
            else:
                self._places[place] = (_attribute(tag, "hint"), around)
            return True
        if name[1]:
            return name in self._known
        hint = _attribute(tag, "hint")
        return any(
            known.is_at(place) and (not was or not hint or was == hint) and _same_surroundings(then, around)
            for known, (was, then) in self._places.items()
        )

    def _remember(self, text: str) -> None:
        text = text.strip()
        if len(text) > 1 and not _HIDDEN.search(text) and not _REFERENCE.fullmatch(text) and not _is_label(text):
            self._secrets.add(text)


def _tags(hierarchy: str) -> Iterator[tuple[int, str, str]]:
    """Every opening tag: where it is, what it says, and its path of child numbers."""
    path: list[int] = []
    counts = [0]
    for match in _TAG.finditer(hierarchy):
        tag = match[0]
        if tag.startswith("</"):
            if path:
                path.pop()
                counts.pop()
            continue
        here = [*path, counts[-1]]
        counts[-1] += 1
        yield match.start(), tag, "/".join(map(str, here))
        if not tag.endswith("/>"):
            path.append(here[-1])
            counts.append(0)


def _said_around(tags: list[tuple[int, str, str]]) -> frozenset[str]:
    """What a page says besides what stands in its fields."""
    said = set()
    for _, tag, _ in tags:
        if "EditText" not in _attribute(tag, "class") and _attribute(tag, "password") != "true":
            said |= {text for name in ("text", "content-desc") if (text := _attribute(tag, name).strip())}
    return frozenset(said)


def _same_surroundings(then: frozenset[str], now: frozenset[str]) -> bool:
    """Whether it may still be the page; a page that said nothing may be any."""
    return not then or not now or len(then & now) >= SURROUNDINGS_MIN * len(then)


def _place(reading: Reading, tag: str, path: str) -> _Place:
    return _Place(reading.foreground, _attribute(tag, "class"), path, _attribute(tag, "bounds"))


def _emptied(tag: str) -> str:
    """The tag of a password field: bullets for its text, and of hint and description only plain labels."""
    text, hint = _attribute(tag, "text"), _attribute(tag, "hint")
    if text and text == hint:  # an empty field shows its hint
        tag = tag if _is_label(html.unescape(text)) else _replaced(tag, "text", "")
    elif text and not _REFERENCE.fullmatch(text):
        tag = _replaced(tag, "text", BULLETS)
    for name in ("hint", "content-desc"):
        said = html.unescape(_attribute(tag, name))
        if said and not _is_label(said) and not _REFERENCE.fullmatch(said):
            tag = _replaced(tag, name, "")
    return tag


def _is_label(text: str) -> bool:
    words = _WORD.findall(text.casefold())
    return bool(words) and all(word in _LABELS for word in words)


def _pattern(secrets: set[str]) -> re.Pattern[str] | None:
    """Where one of them is said; the longest first."""
    ordered = sorted(secrets, key=lambda secret: (-len(secret), secret))
    said = [rf"\A\s*{re.escape(secret)}\s*\Z" if len(secret) <= _ALONE_MAX else re.escape(secret) for secret in ordered]
    return re.compile("|".join(said)) if said else None


def _masked(tag: str, secrets: re.Pattern[str]) -> str:
    def put(match: re.Match[str]) -> str:
        blank, name, quoted = match[1], match[2], match[3]
        said = html.unescape(quoted[1:-1])
        if name in _STRUCTURE or said in ("true", "false") or not secrets.search(said):
            return match[0]
        return f'{blank}{name}="{html.escape(secrets.sub(BULLETS, said))}"'

    return _ATTRIBUTE.sub(put, tag)


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"\s{name}=(?:\"([^\"]*)\"|'([^']*)')", tag)
    return "" if match is None else match[1] or match[2] or ""


def _replaced(tag: str, name: str, value: str) -> str:
    put: Callable[[re.Match[str]], str] = lambda match: f'{match[1]}"{value}"'  # noqa: E731
    return re.sub(rf"(\s{name}=)(?:\"[^\"]*\"|'[^']*')", put, tag, count=1)


def secret_name(package: str, entry: str) -> str:
    """A name to keep a secret under, from the app and the field: `messaging-password`."""
    app = package.rpartition(".")[2] or "app"
    words = [word for word in _TOKEN.findall(entry.lower().replace("_", " ")) if word not in ("edit", "text", "field")]
    return "-".join([app.lower(), *(words or ["password"])])
