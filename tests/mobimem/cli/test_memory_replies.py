"""`mobimem memory replies`, and the kept replies over the data folder: through its owner, seen, cleared, forgotten."""

from __future__ import annotations

import json
from pathlib import Path

from mobimem.llm.scripted import ScriptedModel, in_turn
from mobimem.llm.spending import Account
from mobimem.service.orders import open_client
from mobimem.tasks.deciding import Decider
from tests.mobimem.cli.calling import call

REACH = {"apps": ["com.chat"], "for_good": False, "why": "it is a chat"}


def named_in_models(home: Path, server: ScriptedModel, cache: str) -> None:
    home.mkdir(exist_ok=True)
    words = f'[default]\nbase_url = "{server.base_url}"\nmodel = "scripted"\n{cache}'
    (home / "models.toml").write_text(words, encoding="utf-8")


def reach(*wordings: str) -> Account:
    """Asks which apps each of the wordings needs, in one task; what that took."""
    client = open_client()
    assert client is not None
    decider = Decider(client)
    for words in wordings:
        decider.reach(words, ["com.chat", "com.mail"])
    client.close()
    return decider.account


def test_another_wording_is_answered_from_the_data_folder_listed_and_cleared(home: Path) -> None:
    with ScriptedModel(in_turn([REACH])) as server:
        named_in_models(home, server, "cache = true\n")
        first = reach("Text Philippa that I am ill")
        again = reach("Please text Philippa that I am ill", "Text Philip that I am ill")
        listed = call("memory", "replies", "--json").json
        shown = call("memory", "replies").said
        cleared = call("memory", "replies", "--clear", "--json").json

    assert (first.total.calls, first.total.cached) == (1, 0)
    assert (again.total.calls, again.total.cached) == (1, 1)
    assert len(server.asked) == 2
    assert (listed["kept"], listed["served"], listed["more"]) == (2, 1, 0)
    mine = next(one for one in listed["replies"] if "Philippa" in one["question"])
    assert (mine["uses"], json.loads(mine["answer"])["apps"]) == (1, ["com.chat"])
    assert "served 1" in shown and "2 replies kept" in shown
    assert cleared == {"cleared": 2}
    assert call("memory", "replies", "--json").json["kept"] == 0


def test_by_default_nothing_is_kept(home: Path) -> None:
    with ScriptedModel(in_turn([REACH])) as server:
        named_in_models(home, server, "")
        reach("Text Philippa that I am ill")
        reach("Text Philippa that I am ill")

    assert len(server.asked) == 2
    assert call("memory", "replies", "--json").json["kept"] == 0


def test_forgetting_a_name_takes_the_replies_that_say_it(home: Path) -> None:
    with ScriptedModel(in_turn([REACH])) as server:
        named_in_models(home, server, "cache = true\n")
        reach("Text Philippa that I am ill", "Open the chat")
    gone = call("memory", "forget", "--about", "Philippa", "--json").json

    assert gone["removed"]["replies"] == 1
    assert gone["remains"] == []
    assert [one["question"] for one in call("memory", "replies", "--json").json["replies"]] == ["Open the chat"]


def test_a_request_with_a_secret_is_answered_and_not_kept(home: Path) -> None:
    with ScriptedModel(in_turn([REACH])) as server:
        named_in_models(home, server, "cache = true\n")
        reach("Log in, my password is hunter2")

    assert call("memory", "replies", "--json").json["kept"] == 0
