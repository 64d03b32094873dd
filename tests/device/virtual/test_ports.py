from __future__ import annotations

import pytest

from device.virtual.ports import FIRST_FREE_PORT, AddressTaken, DuplexStream, Ports


async def nothing(stream: DuplexStream) -> None:
    return


def test_nobody_listens_at_first():
    assert Ports().get(9008) is None


def test_a_listener_is_found_until_it_stops_listening():
    ports = Ports()
    ports.listen(9008, nothing)
    ports.listen("scrcpy", nothing)
    assert ports.get(9008) is ports.get("scrcpy") is nothing

    ports.unlisten(9008)

    assert ports.get(9008) is None
    assert ports.get("scrcpy") is nothing


def test_an_address_has_one_listener():
    ports = Ports()
    ports.listen(9008, nothing)

    with pytest.raises(AddressTaken, match="tcp:9008"):
        ports.listen(9008, nothing)


def test_ceasing_to_listen_twice_is_fine():
    Ports().unlisten(9008)


def test_a_free_port_is_one_nobody_listens_on():
    ports = Ports()
    ports.listen(FIRST_FREE_PORT, nothing)

    assert ports.free_port() == FIRST_FREE_PORT + 1
