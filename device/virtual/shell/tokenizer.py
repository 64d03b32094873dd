"""Turns the text of a shell script into words and operators, quoting resolved.

A word keeps, part by part, what was quoted, because only unquoted text is split at blanks and matched against file
names later. The text inside `$(…)` and backquotes is parsed by `parse_script`, which the parser hands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from device.virtual.shell.syntax import Output, Part, Script, ShellSyntaxError, Text, Variable, Word

OPERATORS = ("&&", "||", ">>", ">&", "<&", "&>", "|", "&", ";", "<", ">", "(", ")", "\n")
_OPERATOR_STARTS = frozenset(operator[0] for operator in OPERATORS)
_BLANKS = frozenset(" \t\r")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIAL = frozenset("?#@*!$-0123456789")


@dataclass(frozen=True, slots=True)
class Operator:
    """`fd` is the number that stands right before a redirection (the 2 of `2>`)."""

    text: str
    fd: int | None = None


Token: TypeAlias = Word | Operator


def tokenize(source: str, parse_script: Callable[[str], Script]) -> list[Token]:
    """The tokens in order.

    Raises:
        ShellSyntaxError: a quote or a `$(` is not closed.
    """
    return _Tokenizer(source, parse_script).run()


class _Tokenizer:
    def __init__(self, source: str, parse_script: Callable[[str], Script]) -> None:
        self._source = source
        self._parse_script = parse_script
        self._at = 0
        self._tokens: list[Token] = []
        self._parts: list[Part] = []

    def run(self) -> list[Token]:
        while self._at < len(self._source):
            character = self._source[self._at]
            if character in _BLANKS:
                self._end_word()
                self._at += 1
            elif character == "#" and not self._parts:
                end = self._source.find("\n", self._at)
                self._at = len(self._source) if end < 0 else end
            elif character in _OPERATOR_STARTS:
                self._operator()
            else:
                self._part(character)
        self._end_word()
        return self._tokens

    def _operator(self) -> None:
        text = next(operator for operator in OPERATORS if self._source.startswith(operator, self._at))
        fd = None
        if text[0] in "<>" and len(self._parts) == 1:
            before = self._parts[0]
            if isinstance(before, Text) and not before.quoted and before.text.isdigit():
                fd = int(before.text)
                self._parts = []
        self._end_word()
        self._at += len(text)
        self._tokens.append(Operator(text, fd))

    def _part(self, character: str) -> None:
        """Reads one step of the current word, outside of quotes."""
        if character == "'":
            self._single_quoted()
        elif character == '"':
            self._double_quoted()
        elif character == "\\":
            following = self._source[self._at + 1 : self._at + 2]
            self._at += 2
            if following != "\n":  # a line that goes on
                self._add(following or "\\", quoted=True)
        elif character == "$":
            self._dollar(quoted=False)
        elif character == "`":
            self._backquoted(quoted=False)
        else:
            self._add(character, quoted=False)
            self._at += 1

    def _single_quoted(self) -> None:
        end = self._source.find("'", self._at + 1)
        if end < 0:
            raise ShellSyntaxError("no closing quote")
        self._add(self._source[self._at + 1 : end], quoted=True)
        self._at = end + 1

    def _double_quoted(self) -> None:
        self._at += 1
        self._add("", quoted=True)  # "" is a word
        while self._at < len(self._source):
            character = self._source[self._at]
            if character == '"':
                self._at += 1
                return
            if character == "\\":
                following = self._source[self._at + 1 : self._at + 2]
                if following != "\n":
                    self._add(following if following in set('$`"\\') else "\\" + following, quoted=True)
                self._at += 2
            elif character == "$":
                self._dollar(quoted=True)
            elif character == "`":
                self._backquoted(quoted=True)
            else:
                self._add(character, quoted=True)
                self._at += 1
        raise ShellSyntaxError("no closing quote")

    def _dollar(self, *, quoted: bool) -> None:
        rest = self._source[self._at + 1 :]
        name = _NAME.match(rest)
        if rest.startswith("("):
            end = _closing_parenthesis(self._source, self._at + 2)
            inner = self._source[self._at + 2 : end]
            self._parts.append(Output(self._parse_script(inner), quoted))
            self._at = end + 1
        elif rest.startswith("{"):
            end = self._source.find("}", self._at)
            inner = self._source[self._at + 2 : end]
            if end < 0 or not (_NAME.fullmatch(inner) or inner in _SPECIAL or inner.isdigit()):
                raise ShellSyntaxError(f"${{{inner}}}: bad substitution")
            self._parts.append(Variable(inner, quoted))
            self._at = end + 1
        elif name:
            self._parts.append(Variable(name.group(), quoted))
            self._at += 1 + name.end()
        elif rest[:1] and rest[0] in _SPECIAL:
            self._parts.append(Variable(rest[0], quoted))
            self._at += 2
        else:
            self._add("$", quoted=quoted)
            self._at += 1

    def _backquoted(self, *, quoted: bool) -> None:
        inner = []
        self._at += 1
        while self._at < len(self._source) and self._source[self._at] != "`":
            if self._source[self._at] == "\\" and self._source[self._at + 1 : self._at + 2] in ("`", "$", "\\"):
                self._at += 1
            inner.append(self._source[self._at])
            self._at += 1
        if self._at >= len(self._source):
            raise ShellSyntaxError("no closing quote")
        self._at += 1
        self._parts.append(Output(self._parse_script("".join(inner)), quoted))

    def _add(self, text: str, *, quoted: bool) -> None:
        last = self._parts[-1] if self._parts else None
        if isinstance(last, Text) and last.quoted == quoted:
            self._parts[-1] = Text(last.text + text, quoted)
        else:
            self._parts.append(Text(text, quoted))

    def _end_word(self) -> None:
        if self._parts:
            self._tokens.append(Word(tuple(self._parts)))
            self._parts = []


def _closing_parenthesis(source: str, start: int) -> int:
    """Where the `)` stands that closes the `$(` before `start`; quoted ones do not count."""
    depth = 1
    at = start
    quote = ""
    while at < len(source):
        character = source[at]
        if character == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return at
        at += 1
    raise ShellSyntaxError("syntax error: unmatched '$('")
