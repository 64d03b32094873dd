"""Which words of a text are not its speaker's own: what is cited, and what gives an assistant orders. Pure.

What the owner once said may hold what somebody else wrote: a leaflet, a web page, a message read aloud. A model that
reads it for facts about the owner may take those for the owner's words, and an order in it for one of theirs. So what
stands in quotation marks, or after "it says:", founds no fact, and a text that tells an assistant what to do founds
none at all. The list of orders is short and will miss some; what is missed is still a mere statement of a known form.
"""

from __future__ import annotations

import re
from typing import Final

from perception.words import normal

_QUOTED: Final = re.compile(r"“[^”]*[”“]|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|「[^」]*」|『[^』]*』|‹[^›]*›")
_REPORTED: Final = re.compile(
    r"(?:(?<!\w)(?:says?|said|told|wrote|writes|reads|read|stands|sagt|sagte|steht|stand|schreibt|schrieb|dice|decía"
    r"|ponía|pone|dit|disait|écrit)(?!\w)|写着|写道|说|يقول|مكتوب)[^:：.!?。！？]{0,40}[:：].*",
    re.DOTALL,
)
_ORDERS: Final = re.compile(
    r"(?<!\w)(?:system|assistants?|developer|assistent|asistente|assistant|系统|助手|النظام|المساعد)\s*[:：]"
    r"|(?<!\w)(?:ignore|disregard|override|forget)(?!\w).{0,40}\b(?:rules?|instructions?|form|previous|everything)\b"
    r"|(?<!\w)assistants?,? (?:note|store|remember|write|save|keep)(?!\w)"
    r"|(?<!\w)(?:ignorier\w*|vergiss).{0,40}(?:regel|anweisung)"
    r"|(?<!\w)(?:olvida|ignora)\w*.{0,40}(?:regla|instruccion|orden)"
    r"|(?<!\w)(?:oublie|ignore)\w*.{0,40}(?:règle|consigne|instruction)"
    r"|(?:忽略|无视).{0,12}(?:规则|指令|指示|要求)"
    r"|تجاهل.{0,24}(?:القواعد|التعليمات|الأوامر)",
    re.DOTALL,
)
_PIECE: Final = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]{2}|[^\W_\u4e00-\u9fff\u3040-\u30ff]{3,}")


def gives_orders(text: str) -> bool:
    """Whether a text tells an assistant what to do, rather than saying something."""
    return _ORDERS.search(normal(text)) is not None


def own_words(text: str) -> str:
    """The text without what it cites."""
    return _REPORTED.sub(" ", _QUOTED.sub(" ", normal(text)))


def not_own(statement: str, text: str) -> str:
    """Why a statement does not rest on the speaker's own words; "" where it may.

    Args:
        text: what was said, where the statement was found.
    """
    if gives_orders(text):
        return "what was said gives orders to an assistant"
    whole, own = normal(text), own_words(text)
    pieces = {piece for start in (0, 1) for piece in _PIECE.findall(normal(statement)[start:])}
    if cited := sorted(piece for piece in pieces if piece in whole and piece not in own):
        return f"{cited[0]!r} is cited from somebody else"
    return ""
