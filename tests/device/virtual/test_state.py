import threading

import pytest

from device.virtual.state import StateCorrupt, StateStore, SystemSettings


def test_what_was_written_is_there_after_a_restart(tmp_path):
    first = StateStore(tmp_path)
    row = first.table("contacts").insert(name="Jürgen", phone="123")
    first.put("app.notes", {"draft": "早上好"})

    again = StateStore(tmp_path)

    assert again.table("contacts").get(row) == {"_id": row, "name": "Jürgen", "phone": "123"}
    assert again.document("app.notes") == {"draft": "早上好"}


def test_row_ids_are_never_given_out_twice():
    table = StateStore().table("sms")
    table.insert(body="a")
    second = table.insert(body="b")
    table.delete(lambda row: row["_id"] == second)

    assert table.insert(body="c") == 3


def test_a_reader_cannot_change_the_state_by_changing_what_it_got():
    store = StateStore()
    store.put("d", {"list": [1]})
    store.document("d")["list"].append(2)
    store.table("t").insert(tags=["x"])
    store.table("t").rows()[0]["tags"].append("y")

    assert store.document("d") == {"list": [1]}
    assert store.table("t").rows()[0]["tags"] == ["x"]


def test_every_write_moves_the_revision():
    store = StateStore()
    seen = [store.revision]
    row = store.table("t").insert(a=1)
    seen.append(store.revision)
    store.table("t").update(row, a=2)
    seen.append(store.revision)
    store.remove("t")
    seen.append(store.revision)

    assert seen == sorted(set(seen))


def test_a_damaged_file_is_named_and_left_alone(tmp_path):
    file = tmp_path / "contacts.json"
    file.write_text('{"next": 2, "rows": [')

    with pytest.raises(StateCorrupt, match=r"contacts\.json"):
        StateStore(tmp_path)
    assert file.read_text() == '{"next": 2, "rows": ['


def test_a_document_name_cannot_leave_the_folder(tmp_path):
    with pytest.raises(ValueError, match="not a document name"):
        StateStore(tmp_path).put("../evil", 1)


def test_threads_that_insert_at_once_lose_nothing(tmp_path):
    table = StateStore(tmp_path).table("t")

    def work() -> None:
        for _ in range(20):
            table.insert(x=1)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(row["_id"] for row in StateStore(tmp_path).table("t").rows()) == list(range(1, 101))


def test_settings_have_a_factory_value_until_they_are_changed_or_deleted():
    settings = SystemSettings(StateStore())

    assert settings.get("global", "airplane_mode_on") == "0"
    settings.put("global", "airplane_mode_on", "1")
    assert settings.get("global", "airplane_mode_on") == "1"
    assert settings.delete("global", "airplane_mode_on")
    assert settings.get("global", "airplane_mode_on") is None
    assert settings.get("secure", "no_such_key") is None
