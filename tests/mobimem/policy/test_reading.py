from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from mobimem.errors import BadInput
from mobimem.policy.amounts import Amount
from mobimem.policy.reading import RULES_MAX, SIZE_MAX, read_policy
from mobimem.policy.rules import Rule


def written(tmp_path: Path, text: str, name: str = "p.toml") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_policy_is_read_from_toml_and_json_and_says_itself(tmp_path: Path) -> None:
    toml = written(
        tmp_path, '[[allow]]\nrecipe = "pay"\nstep = "pay-1"\nvalues = { to = "Ann", sum = "*" }\nby_meaning = true\n'
    )
    entry = {"recipe": "pay", "step": "pay-1", "values": {"to": "Ann", "sum": "*"}, "by_meaning": True}
    as_json = written(tmp_path, json.dumps({"allow": [entry]}), "p.json")

    assert read_policy(toml) == read_policy(as_json)
    assert read_policy(toml).words == (
        "allowed: pay: pay-1 with to = 'Ann', sum = anything, also by meaning",
        "everything else: refused",
    )


def test_every_condition_is_read(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '[[allow]]\napp = "com.example.*"\nside_effect = "irreversible"\ncontact = "Ann"\nup_to = "20 EUR"\n'
        '[[ask]]\nabove = "5 EUR"\n[[refuse]]\napp = "com.bank"\n',
    )

    policy = read_policy(file, otherwise="ask")

    assert policy.rules == (
        Rule(
            answer="run", app="com.example.*", side_effect="irreversible", contact="Ann",
            up_to=Amount(Decimal(20), "EUR"), name="allow 1",
        ),
        Rule(answer="ask", above=Amount(Decimal(5), "EUR"), name="ask 1"),
        Rule(answer="refuse", app="com.bank", name="refuse 1"),
    )  # fmt: skip
    assert policy.words[1:] == ("asked: above 5 EUR", "refused: in com.bank", "everything else: asked")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has to hold lists"),
        ("allow = 1", "has to hold lists"),
        ("x = 1\n[[allow]]", "has to hold lists"),
        ("[[[", "cannot be read"),
        ("[[allow]]", "no conditions"),
        ("[[allow]]\nrecipe = 'pay'", "needs recipe and step"),
        ("[[allow]]\nside_effect = 'irreversible'", "allow too much"),
        ("[[allow]]\nup_to = '5 EUR'", "allow too much"),
        ("[[allow]]\nrecipe = 'a'\nstep = 1", "no text"),
        ("[[allow]]\nrecipe = 'a'\nstep = 'b'\nvalues = { x = 1 }", "no text"),
        ("[[allow]]\nrecipe = 'a'\nstep = 'b'\nby_meaning = 'yes'", "neither true nor false"),
        ("[[refuse]]\nside_effect = 'dangerous'", "'dangerous' is no side effect"),
        ("[[refuse]]\napp = 'com example'", "'com example' is no app"),
        ("[[refuse]]\napp = '['", "is no app"),
        ("[[refuse]]\napp = ' '", "nothing in it"),
        ("[[refuse]]\nabove = 'lots'", "no amount"),
        ("[[refuse]]\nabove = '1,234 EUR'", "no amount"),
        ("[[refuse]]\nup_to = '5 EUR'", "none of its keys"),
        ("[[ask]]\nby_meaning = true", "none of its keys"),
        ("[[allow]]\napp = 'a.b'\nabove = '5 EUR'", "none of its keys"),
        ("[[ask]]\nstep = 'Send'", "not their recipe"),
        ("[[refuse]]\ncolour = 'red'", "colour"),
        ("[[refuse]]\napp = 'a.b'\n" * (RULES_MAX + 1), "more than"),
        ("#" * (SIZE_MAX + 1), "bytes"),
        ("a = " + "[" * 100_000, "cannot be read"),
    ],
)
def test_a_file_that_is_no_policy_is_refused_with_the_entry_and_where_to_read_on(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        read_policy(written(tmp_path, text))
    assert "docs/" in caught.value.next_step


def test_a_file_that_is_not_there_is_no_file_or_no_text_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("missing.toml", "pipe", "binary", "."):
        with pytest.raises(BadInput, match="cannot be read"):
            read_policy(tmp_path / name)


def test_a_file_everybody_can_write_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "[[refuse]]\napp = 'a.b'\n")
    file.chmod(0o666)

    with pytest.raises(BadInput, match="everybody can write") as caught:
        read_policy(file)
    assert "chmod 600" in caught.value.next_step
