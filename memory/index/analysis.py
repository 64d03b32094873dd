"""From a text to the terms that a lexical index stores and asks for.

Any script: words and numbers, and of scripts without spaces every character and bigram (`memory.text.tokens`). English
words lose their everyday endings, so that "adopted" finds "adopting"; the rules are few and blunt on purpose, for a
term is only ever compared with terms. Words that stand in nearly every sentence are left out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from memory.text.tokens import search_terms

READ_CHARS = 20_000
"""Of one document. What lies behind is remembered and shown, but not found by its words."""
TERM_CHARS = 48


def _words(said: str) -> list[str]:
    return said.split()


STOP_WORDS = frozenset(
    _words(
        "a an the is are was were be been being am do does did done has have had having of to in on for and or but "
        "with at by from that this these those it its his her hers their theirs he him she they them i me my mine you "
        "your yours we us our ours what when where who whom which how why not no so as if then than there here about "
        "into any some can could would should will shall may might must just also s t d ll m re ve don didn doesn isn "
        "aren wasn 的 了 是 我 你 他 她 它 们 在 有 和 与 就 都 也 吗 呢 吧 啊 很 这 那 个 我们 你们 他们 什么"
    )
)
IRREGULAR = {
    form: base
    for base, forms in {
        "go": "went gone goes", "buy": "bought", "make": "made", "take": "took taken", "give": "gave given",
        "get": "got gotten", "see": "saw seen", "say": "said", "tell": "told", "think": "thought", "feel": "felt",
        "find": "found", "meet": "met", "leave": "left", "keep": "kept", "begin": "began begun",
        "write": "wrote written", "run": "ran", "come": "came", "become": "became", "know": "knew known",
        "grow": "grew grown", "lose": "lost", "win": "won", "teach": "taught", "bring": "brought", "sell": "sold",
        "spend": "spent", "eat": "ate eaten", "drink": "drank drunk", "drive": "drove driven", "sleep": "slept",
        "sing": "sang sung", "swim": "swam swum", "pay": "paid", "wear": "wore worn", "speak": "spoke spoken",
        "break": "broke broken", "choose": "chose chosen", "fall": "fell fallen", "fly": "flew flown",
        "hear": "heard", "hold": "held", "build": "built", "send": "sent", "lend": "lent", "ride": "rode ridden",
        "child": "children kid kids", "man": "men", "woman": "women", "foot": "feet", "person": "people",
        "mother": "mom mum mommy mummy mama", "father": "dad daddy papa", "life": "lives", "wife": "wives",
    }.items()
    for form in forms.split()
}  # fmt: skip
_ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("isation", "ize"), ("fulness", "ful"), ("iveness", "ive"), ("ements", ""),
    ("ement", ""), ("ments", ""), ("ment", ""), ("nesses", ""), ("ness", ""), ("ations", "ate"), ("ation", "ate"),
    ("ators", "ate"), ("ator", "ate"), ("ingly", ""), ("edly", ""), ("ings", ""), ("ing", ""), ("ies", "y"),
    ("ied", "y"), ("sses", "ss"), ("ers", ""), ("er", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", ""),
)  # fmt: skip
_SHORTEST = 3
_LATIN = re.compile(r"[a-z]+")


def terms(text: str) -> list[str]:
    """The terms of a document or question, with repeats, in order. Of only stop words: all of them."""
    found = [part for term in search_terms(text[:READ_CHARS]) for part in _parts(term)]
    telling = [stem(term) for term in found if term not in STOP_WORDS]
    return telling or [stem(term) for term in found]


def _parts(term: str) -> list[str]:
    """A term as the back end can hold it: "mother's" is mother and s, "1,000.5" its figures."""
    return [part[:TERM_CHARS] for part in re.split(r"\W+", term) if part]


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A term without its everyday ending; of other scripts and very short words the term itself."""
    word = IRREGULAR.get(word, word)
    if len(word) <= _SHORTEST or not _LATIN.fullmatch(word):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    if len(word) > _SHORTEST and word[-1] in "ey":
        word = word[:-1]
    return word
