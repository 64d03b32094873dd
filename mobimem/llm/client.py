"""`ModelClient.ask`: a question to the model of a role, and an answer of the form asked for, or an error that says why.

What it promises: an answer was validated (pydantic), after one round of repair at most; no request goes beyond the
task's budget, the model's time limit or being cancelled; failures that may pass are tried again with growing, jittered
pauses, an endpoint that asks to wait is believed, and one that keeps failing is left alone for a while; everything
that leaves the machine went through the redactor, and its placeholders are restored in the answer; all of it is
counted. It decides nothing: what is asked, and whether, is the caller's. Where the model's settings say `cache`, a
question that a kept reply answers is not asked again (`mobimem.llm.replies`).
"""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from device.clock import Clock, SystemClock
from memory.errors import MemoryFault
from mobimem.llm.errors import AnswerUnusable, AskingCancelled, ModelBusy, ModelError, ModelResting, RequestRejected
from mobimem.llm.patience import Breaker, pause_before
from mobimem.llm.prompt import Prompt, messages, texts_of
from mobimem.llm.replies import Asked, ReplyStore, asked_of, find
from mobimem.llm.settings import Model, Models, Role
from mobimem.llm.spending import CHARS_PER_TOKEN, Account, Spent, counted, estimated_tokens
from mobimem.llm.wire import Raw, Wire

Form = TypeVar("Form", bound=BaseModel)
Heard: TypeAlias = Callable[[str, str], None]  # an answer, private values in place; and what is wrong with it, or ""
PICTURE_TOKENS: Final = 1_000  # reckoned for a picture when a request is held against the budget
_THOUGHT: Final = re.compile(r"<think>.*?</think>", re.DOTALL)
_BLOCK: Final = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


class Redactor(Protocol):
    """Takes private data out of texts that leave the machine, and puts it back into the answer."""

    def hide(self, text: str) -> str:
        """The text with stand-ins in place of what is private."""
        ...

    def restore(self, text: str) -> str:
        """The text with what was private in place of its stand-ins."""
        ...


class NothingHidden:
    """Sends everything as it is: for endpoints of the owner's own machine."""

    def hide(self, text: str) -> str:
        return text

    def restore(self, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True)
class Reply(Generic[Form]):
    """An answer, what it took, and which model gave it.

    `cached`: it is a kept reply to the same question; `note` says why none was looked up or kept where it was wanted.
    """

    answer: Form
    spent: Spent
    model: str
    repaired: bool
    cached: bool = False
    note: str = ""


class ModelClient:
    """The models of all roles. Safe to use from several threads; close it."""

    def __init__(
        self,
        models: Models,
        *,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
        wire: Callable[[Model], Wire] = Wire,
        replies: ReplyStore | None = None,
    ) -> None:
        self._models = models
        self._clock = clock or SystemClock()
        self._chance = chance
        self._make_wire = wire
        self._replies = replies
        self._wires: dict[Model, Wire] = {}
        self._breakers: dict[tuple[str, str], Breaker] = {}
        self._wordy: set[Model] = set()  # models that turned out to take no schema
        self._lock = threading.Lock()

    def close(self) -> None:
        """Closes all connections; the next request opens new ones."""
        with self._lock:
            wires, self._wires = list(self._wires.values()), {}
        for wire in wires:
            wire.close()

    def has(self, role: Role) -> bool:
        """Whether a model is configured for the role."""
        return role in self._models.by_role

    def takes_pictures(self, role: Role) -> bool:
        """Whether the role's model takes pictures; False where there is none."""
        return self.has(role) and self._models.of(role).pictures

    def ask(
        self,
        role: Role,
        prompt: Prompt,
        form: type[Form],
        *,
        account: Account,
        redactor: Redactor | None = None,
        cancelled: threading.Event | None = None,
        heard: Heard | None = None,
    ) -> Reply[Form]:
        """Asks, and waits for an answer of the form; or serves a kept one, where that is switched on.

        Args:
            account: of the task; every request is counted on it, also those that failed.
            redactor: for texts that leave the machine; without it nothing is hidden.
            cancelled: set by another thread to stop waiting.
            heard: is told of each answer that came, of the form or not.

        Raises:
            ModelError: see `mobimem.llm.errors`.
        """
        model = self._models.of(role)
        return _Asking(
            self, role, model, account=account, redactor=redactor or NothingHidden(),
            cancelled=cancelled or threading.Event(), heard=heard,
        ).answer(prompt, form)  # fmt: skip

    def wire(self, model: Model) -> Wire:
        """The connection to this model, opened on first use and kept."""
        with self._lock:
            if model not in self._wires:
                self._wires[model] = self._make_wire(model)
            return self._wires[model]

    def breaker(self, model: Model) -> Breaker:
        """The breaker of this endpoint's model; one for all who ask it."""
        with self._lock:
            return self._breakers.setdefault((model.base_url, model.model), Breaker())

    def takes_schema(self, model: Model) -> bool:
        """Whether a schema may be sent along with a request to it."""
        return model.schema and model not in self._wordy

    def takes_no_schema(self, model: Model) -> None:
        """From now on no schema is sent to it: it has refused one."""
        self._wordy.add(model)

    @property
    def replies(self) -> ReplyStore | None:
        return self._replies

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def chance(self) -> Callable[[], float]:
        return self._chance

    @property
    def lock(self) -> threading.Lock:
        return self._lock


class _Asking:
    """One call of `ask`."""

    def __init__(
        self, client: ModelClient, role: Role, model: Model, *, account: Account, redactor: Redactor,
        cancelled: threading.Event, heard: Heard | None,
    ) -> None:  # fmt: skip
        self.client, self.role, self.model = client, role, model
        self.account, self.redactor, self.cancelled, self.heard = account, redactor, cancelled, heard
        self.spent = Spent()

    def answer(self, prompt: Prompt, form: type[Form]) -> Reply[Form]:
        schema = strict_schema(form)
        store = self.client.replies if self.model.cache else None
        asked = None if store is None else asked_of(self.role, self.model, prompt, schema)
        if store is None or asked is None:
            return self._new(prompt, form, schema)
        try:
            kept = self._kept(store, asked, form)
        except MemoryFault as fault:  # the memory cannot be asked: the model still can
            return replace(self._new(prompt, form, schema), note=f"no kept reply was looked for: {fault.cause}")
        if kept is not None:
            return kept
        reply = self._new(prompt, form, schema)
        try:
            store.keep(asked, reply.answer.model_dump_json(), reply.model)
        except MemoryFault as fault:
            return replace(reply, note=f"the reply was not kept: {fault.cause}")
        return reply

    def _kept(self, store: ReplyStore, asked: Asked, form: type[Form]) -> Reply[Form] | None:
        """The kept reply that answers this, if there is one; one that is not of the form any more does not."""
        today = self.client.clock.now().astimezone().date()
        held = find(asked, store.held(asked.key), today=today, hide=self.redactor.hide).held
        if held is None:
            return None
        try:
            answer = form.model_validate_json(held.answer)
        except ValidationError:
            return None
        store.used(held.id)
        spent = Spent(cached=1)
        self.account.add(self.role, spent)
        return Reply(answer, spent, held.model, repaired=False, cached=True)

    def _new(self, prompt: Prompt, form: type[Form], schema: Mapping[str, Any]) -> Reply[Form]:
        chat = messages(prompt, _form_words(schema), pictures=self.model.pictures, change=self.redactor.hide)
        raw = self._asked(chat, schema)
        try:
            return Reply(self._read(raw, form), self.spent, self.model.where, repaired=False)
        except _NotOfTheForm as wrong:
            mended = [
                *chat,
                {"role": "assistant", "content": raw.text[:4_000] or "(nothing)"},
                {
                    "role": "user",
                    "content": self.redactor.hide(
                        f"That is not the form asked for: {wrong}. Answer again, with the JSON only."
                    ),
                },
            ]
        raw = self._asked(mended, schema)
        try:
            return Reply(self._read(raw, form), self.spent, self.model.where, repaired=True)
        except _NotOfTheForm as wrong:
            said = _one_line(raw.text)[:160] or "nothing"
            raise AnswerUnusable(
                f"{self.model.where} did not answer in the form asked for ({wrong}); it said: {said}"
            ) from None

    def _read(self, raw: Raw, form: type[Form]) -> Form:
        try:
            answer = self._of_the_form(raw, form)
        except _NotOfTheForm as wrong:
            self._tell(raw, str(wrong))
            raise
        self._tell(raw, "")
        return answer

    def _tell(self, raw: Raw, fault: str) -> None:
        if self.heard is not None:
            self.heard(self.redactor.restore(raw.text), fault)

    def _of_the_form(self, raw: Raw, form: type[Form]) -> Form:
        if raw.ended == "length":
            raise _NotOfTheForm("the answer was cut off at its longest length")
        data = json_in(raw.text)
        try:
            return form.model_validate(_restored(data, self.redactor.restore))
        except ValidationError as error:
            raise _NotOfTheForm("; ".join(map(_fault, error.errors()[:4]))) from None

    def _asked(self, chat: list[dict[str, Any]], schema: Mapping[str, Any]) -> Raw:
        """One request that came through, with as many attempts as that takes."""
        attempt = 0
        while True:
            try:
                return self._attempt(chat, schema)
            except RequestRejected:
                if not self.client.takes_schema(self.model):
                    raise
                self.client.takes_no_schema(self.model)  # the words about the form go out in any case
            except ModelError as error:
                attempt += 1
                asked_s = error.wait_s if isinstance(error, ModelBusy) else None
                pause_s = pause_before(attempt, asked_s, self.client.chance) if error.retry else None
                if pause_s is None:
                    raise
                self._wait(pause_s)

    def _attempt(self, chat: list[dict[str, Any]], schema: Mapping[str, Any]) -> Raw:
        clock, breaker = self.client.clock, self.client.breaker(self.model)
        asked = texts_of(chat)
        pictures = sum(
            part["type"] == "image_url" for m in chat if not isinstance(m["content"], str) for part in m["content"]
        )
        self.account.check(
            self.role, self.model.budget, tokens_to_come=estimated_tokens(asked) + PICTURE_TOKENS * pictures
        )
        with self.client.lock:
            rests_s = breaker.rests_for(clock.monotonic_s())
        if rests_s:
            raise ModelResting(
                f"{self.model.where} failed several times in a row and is left alone for {rests_s:.0f} s"
            )
        started_s = clock.monotonic_s()
        raw: Raw | None = None
        read_chars = 0
        try:
            raw = self.client.wire(self.model).ask(
                chat, schema if self.client.takes_schema(self.model) else None, self.cancelled
            )
        except ModelError as error:
            read_chars = error.read_chars
            with self.client.lock:
                if error.retry and not isinstance(error, ModelBusy):
                    breaker.failed(clock.monotonic_s())
                else:
                    breaker.let_go()
            raise
        else:
            with self.client.lock:
                breaker.went_well()
            return raw
        finally:
            self._count(raw, asked, clock.monotonic_s() - started_s, read_chars)

    def _count(self, raw: Raw | None, asked: list[str], seconds: float, read_chars: int) -> None:
        """Counts a request. One that failed counts as far as its answer was read: nobody sent the figures of that."""
        tokens_in, tokens_out, estimated = 0, 0, False
        if raw is not None:
            tokens_in, tokens_out, estimated = counted(raw.usage, asked, raw.text)
        elif read_chars:
            tokens_in, tokens_out, estimated = estimated_tokens(asked), int(read_chars / CHARS_PER_TOKEN) + 1, True
        per_token = self.model.joules_per_token
        joules = None if per_token is None else per_token * (tokens_in + tokens_out)
        spent = Spent(1, tokens_in, tokens_out, seconds, joules, estimated)
        self.spent += spent
        self.account.add(self.role, spent)

    def _wait(self, pause_s: float) -> None:
        end_s = self.client.clock.monotonic_s() + pause_s
        while (left_s := end_s - self.client.clock.monotonic_s()) > 0:
            if self.cancelled.is_set():
                raise AskingCancelled(f"{self.model.where} was no longer waited for")
            self.client.clock.sleep(min(left_s, 0.05))


def _fault(found: Mapping[str, Any]) -> str:
    """One thing that is wrong with an answer, where and what; a judgement of the form's own speaks for itself."""
    where = ".".join(map(str, found["loc"]))
    if found["type"] == "value_error":
        own = str(found["ctx"]["error"])
        return f"{where}: {own}" if where else own
    return f"{where or 'the answer'}: {found['msg']}"


def _one_line(text: str) -> str:
    """The text in one line, without what would steer a terminal."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


class _NotOfTheForm(Exception):
    """What is wrong with an answer, in words the model can use; never leaves this module."""


def json_in(text: str) -> Any:
    """The JSON object of an answer, also where thoughts, a code block or a sentence stand around it.

    Raises:
        _NotOfTheForm: there is none.
    """
    said = _THOUGHT.sub("", text).strip()
    blocks = [match[1].strip() for match in _BLOCK.finditer(said)]
    first = said.find("{")
    candidates = [said, *blocks, *([said[first : said.rfind("}") + 1]] if first >= 0 else [])]
    for candidate in candidates:
        try:
            data = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            return data
    raise _NotOfTheForm("it is no JSON object")


def _restored(data: Any, restore: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return restore(data)
    if isinstance(data, list):
        return [_restored(item, restore) for item in data]
    if isinstance(data, dict):
        return {key: _restored(value, restore) for key, value in data.items()}
    return data


def strict_schema(form: type[BaseModel]) -> dict[str, Any]:
    """The form's JSON schema as endpoints want it: every property required, nothing besides."""

    def closed(node: Any) -> Any:
        if isinstance(node, list):
            return [closed(item) for item in node]
        if not isinstance(node, dict):
            return node
        made = {key: closed(value) for key, value in node.items() if key not in ("title", "default")}
        if node.get("type") == "object" and "properties" in node:
            made["additionalProperties"] = False
            made["required"] = list(node["properties"])
        return made

    schema: dict[str, Any] = closed(form.model_json_schema())
    return schema


def _form_words(schema: Mapping[str, Any]) -> str:
    return "Answer with one JSON object of this schema and nothing else:\n" + json.dumps(schema, ensure_ascii=False)
