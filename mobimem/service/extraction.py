"""Use case: a model, where one is configured, finds plain statements in what was said in words no form fits.

Started by the owner and off every critical path: remembering and recalling never wait for it. The memory's owner hands
out what waits and takes in what was found (`memory.profile.extraction` says what holds there); the model is asked in
between, while the folder is free. Each origin is a transaction of its own, so whatever ends this leaves nothing half
done, and the next call goes on.

What leaves the machine: the text of one fact at a time, fenced as untrusted, without the names and values the profile
knows (`Veil`); what speaks of a secret never does. What the text cites from somebody else, or says to an assistant as
an order, founds nothing (`mobimem.policy.hearsay`), whatever the model finds in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field

from mobimem.errors import NotDone
from mobimem.llm.errors import AnswerUnusable, ModelError, ModelRefused
from mobimem.llm.prompt import Prompt, Said, Untrusted
from mobimem.owner import Call, through_owner
from mobimem.policy.hearsay import not_own

if TYPE_CHECKING:
    from memory.opening import Memory
    from mobimem.llm.client import ModelClient
    from mobimem.llm.redaction import Veil
    from mobimem.llm.settings import Role
    from mobimem.llm.spending import Account

LIMIT: Final = 10  # origins of one call; about half the calls a task's budget has, for each may be asked twice
LIMIT_MAX: Final = 1_000
_SYSTEM: Final = (
    "You read something a person once told their phone's assistant, and list the lasting facts it states about the"
    " person, their people, places and preferences. Write each as one short sentence of one of these forms, in the"
    " language of the text:\n"
    "my RELATION is VALUE | my PERSON's RELATION is VALUE | NAME's RELATION is VALUE | I like VALUE | I don't like"
    " VALUE | I drink VALUE | I eat VALUE | I live in VALUE | I work at VALUE | I have a PET named VALUE\n"
    "我的关系是值 | 我喜欢值 | 我不喜欢值 | 我住在值\n"
    "Copy every VALUE and NAME letter by letter from the text, placeholders such as PERSON_1 too. State only what the"
    " text states; guess nothing, and leave out what is a plan, a question, a story or a secret. Most texts state"
    " nothing lasting: then the list is empty."
)


class Found(BaseModel):
    """The model's answer."""

    model_config = ConfigDict(extra="forbid")

    statements: list[str] = Field(max_length=12)


@dataclass(frozen=True, slots=True)
class OriginsAsked:
    """How many at the most."""

    limit: int


@dataclass(frozen=True, slots=True)
class OriginLine:
    """A text that was not read for facts yet; `secret`: it speaks of secrets, and no model is shown it."""

    id: str
    text: str
    secret: bool


@dataclass(frozen=True, slots=True)
class Origins:
    """What waits to be read, oldest first; `waiting` counts all of it."""

    origins: tuple[OriginLine, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class StatementsFound:
    """What a model found in an origin. The same twice changes nothing."""

    origin: str
    statements: tuple[str, ...]
    model: str


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A statement that was not taken in, and why."""

    statement: str
    why: str


@dataclass(frozen=True, slots=True)
class StatementsTaken:
    """What became of them. `gone`: the origin was forgotten meanwhile."""

    facts: tuple[str, ...]
    known: int
    refused: tuple[RefusedLine, ...]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One origin that was read: the ids of its new facts, how many statements were known, and what was not taken."""

    origin: str
    text: str
    facts: tuple[str, ...]
    known: int
    refused: tuple[RefusedLine, ...]


@dataclass(frozen=True, slots=True)
class ExtractionDone:
    """What was read. `withheld` were not sent, for they speak of secrets; `left` still wait.

    `stopped` says why not all that were asked for were read ("" if they were), `next_step` what to do then.
    """

    read: tuple[ReadLine, ...]
    facts: int
    withheld: int
    left: int
    model: str
    model_calls: int
    tokens: int
    stopped: str = ""
    next_step: str = ""


def extract_statements(*, limit: int = LIMIT) -> ExtractionDone:
    """Lets the planner's model (where none is named, the decider's) read up to `limit` facts that no form fits.

    Raises:
        NotDone: no model is configured. BadInput: models.toml is not understood. StoreHeld: the folder is held.
    """
    from mobimem.llm.redaction import Veil
    from mobimem.llm.spending import Account
    from mobimem.service.agent import private_terms
    from mobimem.service.orders import open_client

    client = open_client("planner", "decider")
    if client is None:
        raise NotDone(
            "no model is configured, and statements of known forms are read without one",
            next_step="Name a model for the planner in models.toml in the data folder (docs/models.md).",
        )
    try:
        waiting = through_owner(_ORIGINS, OriginsAsked(limit))
        account = Account()
        asking = _Asking(client, "planner" if client.has("planner") else "decider", account, Veil(private_terms()))
        read: list[ReadLine] = []
        withheld, stopped, next_step = 0, "", ""
        for origin in waiting.origins:
            try:
                statements = () if origin.secret else asking.statements(origin.text)
            except ModelError as error:
                stopped, next_step = error.cause, error.next_step
                break
            withheld += origin.secret
            cited = tuple(RefusedLine(one, why) for one in statements if (why := not_own(one, origin.text)))
            own = tuple(one for one in statements if one not in {line.statement for line in cited})
            taken = through_owner(_TAKE, StatementsFound(origin.id, own, "" if origin.secret else asking.model))
            if not taken.gone and not origin.secret:
                read.append(ReadLine(origin.id, origin.text, taken.facts, taken.known, (*cited, *taken.refused)))
        left = through_owner(_ORIGINS, OriginsAsked(0)).waiting
        return ExtractionDone(
            tuple(read), sum(len(one.facts) for one in read), withheld, left, asking.model, account.total.calls,
            account.total.tokens, stopped, next_step,
        )  # fmt: skip
    finally:
        client.close()


@dataclass(slots=True)
class _Asking:
    client: ModelClient
    role: Role
    account: Account
    veil: Veil
    model: str = ""

    def statements(self, text: str) -> tuple[str, ...]:
        """What the model finds in a text. An answer of no use is one that found nothing: it is not asked for again.

        Raises:
            ModelError: there is no answer, and there may be one later.
        """
        prompt = Prompt(
            _SYSTEM, (Untrusted("something the owner said", text), Said("Which lasting facts does it state?"))
        )
        try:
            reply = self.client.ask(self.role, prompt, Found, account=self.account, redactor=self.veil)
        except (AnswerUnusable, ModelRefused):
            return ()
        self.model = reply.model
        return tuple(reply.answer.statements)


# --- performed by the owner ------------------------------------------------------------------------------------------


def _origins(memory: Memory, asked: OriginsAsked) -> Origins:
    found, waiting = memory.profile.to_extract(min(asked.limit, LIMIT_MAX))
    return Origins(tuple(OriginLine(one.uid, one.text, _secret(one.text)) for one in found), waiting)


def _take(memory: Memory, found: StatementsFound) -> StatementsTaken:
    from memory.errors import NotRemembered

    statements = [one for one in found.statements if not _secret(one)]
    try:
        taken = memory.profile.extracted(found.origin, statements, by=found.model)
    except NotRemembered:
        return StatementsTaken((), 0, (), gone=True)
    return StatementsTaken(
        taken.made, taken.known, tuple(RefusedLine(one.statement, one.why) for one in taken.refused)
    )  # fmt: skip


def _secret(text: str) -> bool:
    from memory.exchange import speaks_of_secret
    from memory.learn.guard import looks_secret

    return bool(looks_secret(text)) or speaks_of_secret(text)


_ORIGINS = Call("memory-origins", OriginsAsked, Origins, _origins)
_TAKE = Call("memory-take-statements", StatementsFound, StatementsTaken, _take)
CALLS: Final = (_ORIGINS, _TAKE)
