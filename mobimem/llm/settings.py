"""Which model answers for which role, from `models.toml` in the data folder. No file, no model: nothing is guessed.

    [default]
    base_url = "http://127.0.0.1:11434/v1"     # any OpenAI-compatible endpoint: vLLM, Ollama, llama.cpp, a cloud
    model = "qwen3:8b"
    key_env = "MY_KEY"                         # the environment variable that holds the key; or
    key_secret = "model-key"                   # the name it has in `mobimem secrets`
    pictures = false                           # it takes pictures
    schema = true                              # it takes `response_format` with a JSON schema
    timeout_s = 60                             # for one whole answer
    answer_tokens = 2000                       # longest answer
    joules_per_token = 0.4                     # for the receipt; without it, energy is unknown
    cache = false                              # keep its replies, and serve them to the same question in other words
    budget = { calls = 20, tokens = 60000, seconds = 600 }    # for one task

    [planner]                                  # planner, decider, proactive: what differs from [default]
    model = "qwen3:32b"

The key itself never stands in the file, is never shown and never part of an error.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from mobimem.errors import BadInput
from mobimem.llm.errors import NoModel

Role: TypeAlias = Literal["planner", "decider", "proactive"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
FILE: Final = "models.toml"


@dataclass(frozen=True, slots=True)
class Budget:
    """What one task may spend on one role: requests, tokens in and out together, seconds of waiting."""

    calls: int = 20
    tokens: int = 60_000
    seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Model:
    """One model at one endpoint, and how to talk to it."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    pictures: bool = False
    schema: bool = True
    timeout_s: float = 60.0
    answer_tokens: int = 2_000
    joules_per_token: float | None = None
    budget: Budget = Budget()
    cache: bool = False  # docs/adr/0009: what it would serve is measured, how often owners would be served is not

    @property
    def where(self) -> str:
        """Model and host, for the reader: never the key, never a password in the address."""
        return f"{self.model} at {urlsplit(self.base_url).hostname}"


@dataclass(frozen=True, slots=True)
class Models:
    """The model of each role that has one."""

    by_role: Mapping[Role, Model] = field(default_factory=dict)

    def of(self, role: Role) -> Model:
        """The role's model.

        Raises:
            NoModel: it has none.
        """
        if role not in self.by_role:
            raise NoModel(f"no model is configured for the {role}")
        return self.by_role[role]


def read_models(file: Path, secret: Callable[[str], str | None] = lambda name: None) -> Models:
    """Reads the settings; no models at all where the file does not exist.

    Args:
        secret: gives the value of a named secret, or None.

    Raises:
        BadInput: the file cannot be read, can be written by everybody, or says something that is not understood; the
            message names what.
    """
    try:
        data = tomllib.loads(_own_text(file))
    except FileNotFoundError:
        return Models()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{file} cannot be read: {error}") from error
    unknown = [name for name in data if name not in ("default", *ROLES) or not isinstance(data[name], dict)]
    if unknown:
        raise BadInput(f"{file} holds {unknown[0]!r}; its tables are [default], {', '.join(f'[{r}]' for r in ROLES)}")
    default = data.get("default", {})
    _refuse_odd(default, f"[default] in {file}")
    by_role: dict[Role, Model] = {}
    for role in ROLES:
        own = data.get(role, {})
        _refuse_odd(own, f"[{role}] in {file}")
        if role in data or _whole(default) or (default and not any(one in data for one in ROLES)):
            by_role[role] = _model(_Given({**default, **own}, own, role, file), secret)
    return Models(by_role)


def roles_in(file: Path) -> frozenset[Role]:
    """The roles that have a model, whether or not their keys are at hand; none where the file is not understood."""
    try:
        return frozenset(read_models(file, lambda name: name).by_role)
    except BadInput:
        return frozenset()


def _own_text(file: Path) -> str:
    """What the file holds. Whoever can write it names the endpoint that sees the owner's words.

    Raises:
        OSError, UnicodeDecodeError: it cannot be read. BadInput: everybody can write it.
    """
    with file.open("rb") as opened:
        if os.fstat(opened.fileno()).st_mode & stat.S_IWOTH:
            raise BadInput(f"everybody can write {file}", next_step=f"Make it yours: chmod 600 {file}")
        return opened.read().decode("utf-8")


def _whole(default: Mapping[str, Any]) -> bool:
    """Whether it names a model by itself, for roles that have no table of their own."""
    return "base_url" in default and "model" in default


@dataclass(frozen=True, slots=True)
class _Given:
    """What is said of a role's model: `all` of it, and what of that stands in its `own` table."""

    all: Mapping[str, Any]
    own: Mapping[str, Any]
    role: Role
    file: Path

    def where(self, name: str) -> str:
        """The table that a setting stands in, or is missing from."""
        table = self.role if name in self.own or (name not in self.all and self.own) else "default"
        return f"[{table}] in {self.file}"


_PLAIN: Final[Mapping[str, tuple[type, ...]]] = {
    "base_url": (str,), "model": (str,), "key_env": (str,), "key_secret": (str,), "pictures": (bool,),
    "schema": (bool,), "timeout_s": (int, float), "answer_tokens": (int,), "joules_per_token": (int, float),
    "budget": (dict,), "cache": (bool,),
}  # fmt: skip


def _refuse_odd(given: Mapping[str, Any], where: str) -> None:
    """Makes sure that one table holds nothing but settings, each of its kind and in its bounds.

    Raises:
        BadInput: it does not; names the table and the setting.
    """
    for name, value in given.items():
        if name not in _PLAIN:
            raise BadInput(f"{where} holds {name!r}; it may hold {', '.join(_PLAIN)}")
        if not isinstance(value, _PLAIN[name]) or (isinstance(value, bool) and bool not in _PLAIN[name]):
            raise BadInput(f"{where}: {name} is no {_PLAIN[name][-1].__name__}")
    for name in ("timeout_s", "answer_tokens"):
        if name in given and not 0 < given[name] < 1_000_000:
            raise BadInput(f"{where}: {name} = {given[name]} is out of range")
    names = {entry.name for entry in fields(Budget)}
    for name, value in given.get("budget", {}).items():
        if name not in names or isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise BadInput(f"{where}: budget takes {', '.join(sorted(names))}, each a number above 0")


def _model(given: _Given, secret: Callable[[str], str | None]) -> Model:
    said = given.all
    address = urlsplit(said.get("base_url", ""))
    if address.scheme not in ("http", "https") or not address.hostname:
        raise BadInput(f"{given.where('base_url')}: base_url has to be an address such as http://127.0.0.1:11434/v1")
    if not said.get("model"):
        raise BadInput(f"{given.where('model')}: model is missing")
    made = Model(said["base_url"], said["model"], key=_key(given, secret), budget=Budget(**said.get("budget", {})))
    own = {entry.name for entry in fields(Model)} - {"base_url", "model", "key", "budget"}
    return replace(made, **{name: value for name, value in said.items() if name in own})


def _key(given: _Given, secret: Callable[[str], str | None]) -> str:
    if variable := given.all.get("key_env"):
        if variable not in os.environ:
            where = given.where("key_env")
            raise BadInput(f"{where}: the environment has no {variable}, where key_env says the key is")
        return os.environ[variable]
    if name := given.all.get("key_secret"):
        if (value := secret(name)) is None:
            where = given.where("key_secret")
            raise BadInput(f"{where}: there is no secret {name!r}; add it with `mobimem secrets add {name}`")
        return value
    return ""
