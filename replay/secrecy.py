"""Secrets in a run: `secret://name` becomes the secret only in the text that is typed, and nowhere else.

A recipe, its values, the player, the journal and everything that is shown hold the reference. The runner resolves it as
it types (`Secrets.typed`), and puts the reference back wherever a reading or an error says the secret (`masked_tree`,
`masked`) before anybody else sees it - so a check still finds in the field what was typed: the reference. To be able to
do that on a screen that shows the secret from an earlier try, the secrets a run refers to are looked up when it starts;
a missing one is told before anything is done.

Not covered: a secret that an app shows changed (other than in upper or lower case, or with blanks or dashes put in),
and pictures: whoever takes one of a run with secrets has to leave it out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping

from device.actions import Action, InputText
from device.errors import DeviceError
from replay.errors import ReplayError
from replay.recipe import Recipe, TypeInto

Reveal = Callable[[str], str]

_REFERENCE = re.compile(r"secret://([A-Za-z0-9][A-Za-z0-9_.-]{0,63})")
_ATTRIBUTE = re.compile(r"""([\w-]+)=("[^"]*"|'[^']*')""")
_STRUCTURE = frozenset(("bounds", "index", "rotation", "class", "package", "resource-id", "version", "encoding"))
_PART_MIN = 4  # a shorter secret is masked only where it stands alone: "1" is in everything


def names_in(text: str) -> tuple[str, ...]:
    """The names of the secrets a text refers to."""
    return tuple(_REFERENCE.findall(text))


def names_of(recipe: Recipe, values: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets a run of this recipe with these values types, each once."""
    texts = [step.move.text for step in recipe.steps if isinstance(step.move, TypeInto)]
    return tuple(dict.fromkeys(name for text in (*texts, *values.values()) for name in names_in(text)))


class Secrets:
    """The secrets of one run.

    Args:
        names: which ones.
        reveal: gives the secret of a name; its errors (no such secret) pass through.

    Raises:
        ReplayError: there are names, and nobody to reveal them.
    """

    def __init__(self, names: Iterable[str], reveal: Reveal | None) -> None:
        wanted = tuple(names)
        if wanted and reveal is None:
            raise ReplayError(
                f"this run types secrets ({', '.join(wanted)}), and none can be looked up here",
                next_step="Run it with `mobimem do`, which can.",
            )
        self._known = {name: reveal(name) for name in wanted} if reveal is not None else {}
        self._patterns = [(f"secret://{name}", _spelled(secret)) for name, secret in self._known.items() if secret]

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self._known)})"

    def typed(self, action: Action) -> Action:
        """The action to send: in a text to type, references are the secrets. The result must not be kept."""
        if not isinstance(action, InputText) or not self._known:
            return action
        text = _REFERENCE.sub(lambda match: self._known.get(match[1], match[0]), action.text)
        return InputText(text, action.replace)

    def masked(self, text: str) -> str:
        """The text with every secret back as its reference."""
        for reference, pattern in self._patterns:
            text = pattern.sub(reference, text)
        return text

    def masked_tree(self, hierarchy: str) -> str:
        """An element tree whose texts say no secret. Places, classes and ids stay as they are."""
        return _ATTRIBUTE.sub(self._attribute, hierarchy) if self._patterns else hierarchy

    def scrub(self, error: DeviceError) -> None:
        """Takes every secret out of an error, and cuts it off from causes that may quote one."""
        if not self._patterns:
            return
        error.cause = self.masked(error.cause)
        error.args = tuple(self.masked(arg) if isinstance(arg, str) else arg for arg in error.args)
        error.__cause__ = None
        error.__suppress_context__ = True

    def _attribute(self, match: re.Match[str]) -> str:
        name, quoted = match[1], match[2]
        if name in _STRUCTURE:
            return match[0]
        said = html.unescape(quoted[1:-1])
        masked = self.masked(said)
        return match[0] if masked == said else f'{name}="{html.escape(masked)}"'


def _spelled(secret: str) -> re.Pattern[str]:
    """Where a secret is said: in any case, with blanks or dashes between its characters."""
    if len(secret) < _PART_MIN:
        return re.compile(rf"\A\s*{re.escape(secret)}\s*\Z", re.IGNORECASE)
    return re.compile(r"[\s\u00a0-]*".join(map(re.escape, secret)), re.IGNORECASE)
