"""The demo, as `make demo` runs it: taught over adb by hardware touches, replayed, judged on the phone's own store."""

from __future__ import annotations

from mobimem.service.demo import run_demo


def test_the_demo_teaches_replays_through_trouble_and_prints_a_receipt():
    heard: list[tuple[str, str]] = []
    result = run_demo(tell=lambda kind, words: heard.append((kind, words)))

    assert result.taught.watched and result.taught.unclear == 0
    assert result.taught.slots == {"contact": "Bob", "message": "See you at eight"}
    assert [words for kind, words in heard if kind == "kept"] == [
        "Open Messages", "Tap 'Start chat'", "Tap '{contact}'", "Type '{message}' into 'Text message'", "Tap 'Send SMS'"
    ]  # fmt: skip
    assert [(one.done, one.run.says) for one in result.replays] == [(True, "all 5 steps done and checked")] * 3
    assert [one.words for one in result.replays] == [
        "tell Bob dinner is ready", "let Carol know that I'm running late", "text mum that the train is late"
    ]  # fmt: skip
    assert [dict(one.run.values) for one in result.replays] == [
        {"contact": "Bob", "message": "dinner is ready"},
        {"contact": "Carol", "message": "I'm running late"},
        {"contact": "Maria", "message": "the train is late"},
    ]
    assert any("lexicon" in reason for reason in result.replays[0].reasons)
    assert any("my mother is Maria" in reason for reason in result.replays[2].reasons)
    assert any("record audio" in detour for detour in result.replays[0].detours)
    assert result.replays[0].healed == ()
    assert any("found again by" in healed for healed in result.replays[1].healed)
    assert any(repair.startswith("accepted") for repair in result.replays[1].repairs)
    assert [line.says for line in result.replays[0].learnt.learnt] == ["verified, and known by these words too"]
    assert result.done and result.model_calls == 0
