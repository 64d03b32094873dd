"""Parses a shell script: `parse(text)` gives the tree of `syntax`."""

from __future__ import annotations

import re
from typing import Literal

from device.virtual.shell.syntax import (
    AndOr,
    Command,
    Group,
    Pipeline,
    Redirect,
    Script,
    ShellSyntaxError,
    Simple,
    Statement,
    Text,
    Word,
)
from device.virtual.shell.tokenizer import Operator, Token, tokenize

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_REDIRECTIONS = frozenset(("<", ">", ">>", ">&", "<&", "&>"))


def parse(source: str) -> Script:
    """The script's tree.

    Raises:
        ShellSyntaxError: what stands there is not of the language of `syntax`.
    """
    parser = _Parser(tokenize(source, parse))
    script = parser.script(closing=None)
    if parser.peek() is not None:
        raise parser.unexpected()
    return script


class _Parser:
    """Recursive descent over the tokens; each method leaves the position after what it read."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def unexpected(self) -> ShellSyntaxError:
        token = self.peek()
        if token is None:
            return ShellSyntaxError("syntax error: unexpected end of file")
        shown = token.text if isinstance(token, Operator) else token.plain or "word"
        shown = "newline" if shown == "\n" else shown
        return ShellSyntaxError(f"syntax error: unexpected '{shown}'")

    def script(self, closing: Literal[")", "}"] | None) -> Script:
        statements = []
        self._skip_newlines()
        while self.peek() is not None and not self._closes(closing):
            source = self._first_word()
            run = self._and_or()
            ended_by = self._take_operator("&", ";", "\n")
            statements.append(Statement(run, background=ended_by == "&", source=source))
            self._skip_newlines()
            if ended_by is None:
                break
        return Script(tuple(statements))

    def _and_or(self) -> AndOr:
        first = self._pipeline()
        rest: list[tuple[Literal["&&", "||"], Pipeline]] = []
        while operator := self._take_operator("&&", "||"):
            self._skip_newlines()
            rest.append(("&&" if operator == "&&" else "||", self._pipeline()))
        return AndOr(first, tuple(rest))

    def _pipeline(self) -> Pipeline:
        negated = False
        while self._plain() == "!":
            self._at += 1
            negated = not negated
        commands = [self._command()]
        while self._take_operator("|"):
            self._skip_newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    def _command(self) -> Command:
        if self._take_operator("("):
            return self._group(")")
        if self._plain() == "{":
            self._at += 1
            return self._group("}")
        return self._simple()

    def _group(self, closing: Literal[")", "}"]) -> Group:
        body = self.script(closing)
        if not self._closes(closing):
            raise self.unexpected()
        self._at += 1
        redirects: list[Redirect] = []
        while found := self._redirect():
            redirects.extend(found)
        return Group(body, tuple(redirects), subshell=closing == ")")

    def _simple(self) -> Simple:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while (token := self.peek()) is not None:
            found = self._redirect()
            if found:
                redirects.extend(found)
            elif isinstance(token, Operator):
                break
            else:
                self._at += 1
                assignment = None if words else _assignment(token)
                if assignment:
                    assignments.append(assignment)
                else:
                    words.append(token)
        if not (assignments or words or redirects):
            raise self.unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirects))

    def _redirect(self) -> list[Redirect]:
        """The redirection that stands here, as one or two; empty if none does."""
        token = self.peek()
        if not isinstance(token, Operator) or token.text not in _REDIRECTIONS:
            return []
        self._at += 1
        target = self.peek()
        if not isinstance(target, Word):
            raise self.unexpected()
        self._at += 1
        if token.text == "<":
            return [Redirect(0 if token.fd is None else token.fd, "<", target)]
        fd = 1 if token.fd is None else token.fd
        if token.text == "&>":
            return [Redirect(1, ">", target), Redirect(2, ">&", Word((Text("1", False),)))]
        if token.text in (">&", "<&"):
            return [Redirect(0 if token.text == "<&" and token.fd is None else fd, ">&", target)]
        return [Redirect(fd, ">" if token.text == ">" else ">>", target)]

    def _closes(self, closing: Literal[")", "}"] | None) -> bool:
        token = self.peek()
        if closing == ")":
            return isinstance(token, Operator) and token.text == ")"
        return closing == "}" and self._plain() == "}"

    def _plain(self) -> str | None:
        token = self.peek()
        return token.plain if isinstance(token, Word) else None

    def _first_word(self) -> str:
        token = self.peek()
        return (token.plain or "sh") if isinstance(token, Word) else "sh"

    def _take_operator(self, *texts: str) -> str | None:
        token = self.peek()
        if isinstance(token, Operator) and token.text in texts:
            self._at += 1
            return token.text
        return None

    def _skip_newlines(self) -> None:
        while self._take_operator("\n"):
            pass


def _assignment(word: Word) -> tuple[str, Word] | None:
    first = word.parts[0]
    if not isinstance(first, Text) or first.quoted:
        return None
    match = _ASSIGNMENT.match(first.text)
    if match is None:
        return None
    rest = first.text[match.end() :]
    value = (Text(rest, False), *word.parts[1:]) if rest else word.parts[1:]
    return match.group(1), Word(value)
