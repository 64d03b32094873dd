from device.android import journal
from device.android.journal import FILE, OUR_IME, Found

LATIN = "com.android.inputmethod.latin/.LatinIME"


def _answer(default: str, enabled: str, installed: str, file: str = "") -> str:
    return f"{default}\n--\n{enabled}\n--\n{installed}\n--\n{file}"


def test_what_was_found_survives_the_journal():
    found = Found(LATIN, (LATIN, "com.x/.Voice;-921088104"))

    assert journal.decode(journal.encode(found)) == found


def test_a_torn_or_foreign_journal_counts_as_none():
    whole = journal.encode(Found(LATIN, (LATIN,)))

    assert journal.decode("") is None
    assert journal.decode(whole[: len(whole) // 2]) is None
    assert journal.decode("rm -rf /") is None


def test_a_journal_cannot_smuggle_a_command_onto_the_phone():
    assert journal.decode(journal.encode(Found("x; reboot", ()))) is None


def test_the_phones_answer_tells_keyboards_and_what_was_left():
    left = Found(LATIN, (LATIN,))
    seen = journal.parse_keyboards(
        _answer(OUR_IME, f"{LATIN}:{OUR_IME}", f"{LATIN}\n{OUR_IME}", journal.encode(left) + "\n")
    )

    assert seen.ours_is_default
    assert seen.ours_is_installed
    assert seen.enabled_imes == (LATIN, OUR_IME)
    assert seen.left_behind == left


def test_nothing_set_is_read_as_nothing():
    seen = journal.parse_keyboards(_answer("null", "null", LATIN))

    assert (seen.default_ime, seen.enabled_imes, seen.left_behind) == ("", (), None)


def test_the_journal_is_written_before_anything_changes_and_never_over_an_earlier_one():
    command = journal.take_over_command(Found(LATIN, (LATIN,)))

    assert command.index(f"[ -s {FILE} ] ||") < command.index("ime enable") < command.index("ime set")
    assert "&& ime enable" in command


def test_putting_back_removes_the_journal_last():
    command = journal.put_back_command(Found(LATIN, (LATIN,)))

    assert command.index(f"ime set {LATIN}") < command.index(f"ime disable {OUR_IME}") < command.index(f"rm -f {FILE}")


def test_a_keyboard_of_ours_that_the_owner_had_enabled_stays_enabled():
    command = journal.put_back_command(Found(LATIN, (LATIN, OUR_IME)))

    assert "ime disable" not in command
