import socket
import threading
import time

import pytest

from device.android.deadline import DeadlinePassed, DeadlineSocket, remaining_s, within


@pytest.fixture
def silent():
    """A socket that is connected to somebody who never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    sock = DeadlineSocket()
    sock.connect(listener.getsockname())
    other, _ = listener.accept()
    yield sock
    for each in (sock, other, listener):
        each.close()


def test_a_silent_peer_is_waited_for_until_the_limit_and_not_longer(silent):
    start_s = time.monotonic()

    with pytest.raises(TimeoutError), within(0.1):
        silent.recv(1)

    assert time.monotonic() - start_s < 1


def test_many_small_waits_share_one_limit(silent):
    silent.settimeout(0.04)
    tries = 0

    with pytest.raises(DeadlinePassed), within(0.15):
        while tries < 100:
            tries += 1
            with pytest.raises(TimeoutError) as caught:
                silent.recv(1)
            if isinstance(caught.value, DeadlinePassed):
                raise caught.value

    assert tries <= 10


def test_reading_as_a_file_keeps_the_limit_too(silent):
    with silent.makefile("rb") as file, pytest.raises(TimeoutError), within(0.05):
        file.readline()


def test_an_inner_block_cannot_prolong_an_outer_one():
    with within(0.5), within(60):
        left = remaining_s()
        assert left is not None
        assert left <= 0.5


def test_outside_any_block_there_is_no_limit():
    with within(1):
        pass
    assert remaining_s() is None


def test_each_thread_has_its_own_limit():
    seen = []
    with within(1):
        thread = threading.Thread(target=lambda: seen.append(remaining_s()))
        thread.start()
        thread.join()

    assert seen == [None]


def test_nothing_is_sent_after_the_limit(silent):
    with within(-1), pytest.raises(DeadlinePassed):
        silent.sendall(b"too late")
