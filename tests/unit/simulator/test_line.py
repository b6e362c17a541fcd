from gateway.protocol.topics import Kind
from simulator.line import DirectLine


class Modem:
    """Who listens at the line."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.wills = 0

    def last_will(self) -> bytes:
        self.wills += 1
        return b"will %d" % self.wills

    def connected(self, *, resumed: bool) -> None:
        self.heard.append("resumed" if resumed else "connected")

    def disconnected(self) -> None:
        self.heard.append("disconnected")

    def received(self, kind: Kind, payload: bytes) -> None:
        self.heard.append(f"{kind} {payload!r}")


def line() -> tuple[DirectLine, Modem, list[tuple[Kind, bytes]]]:
    sent: list[tuple[Kind, bytes]] = []
    return DirectLine(lambda kind, payload: sent.append((kind, payload))), Modem(), sent


def test_an_interrupted_line_tells_the_will_and_carries_nothing() -> None:
    wire, modem, sent = line()
    wire.open(modem)
    assert wire.publish(Kind.STATUS, b"1", lambda _: None)
    wire.interrupt()
    wire.interrupt()
    assert not wire.publish(Kind.STATUS, b"2", lambda _: None)
    wire.restore()
    assert wire.publish(Kind.STATUS, b"3", lambda _: None)
    assert sent == [(Kind.STATUS, b"1"), (Kind.PRESENCE, b"will 1"), (Kind.STATUS, b"3")]
    assert modem.heard == ["connected", "disconnected", "resumed"]


def test_a_line_that_is_down_connects_when_it_is_restored() -> None:
    wire, modem, sent = line()
    wire.interrupt()
    wire.open(modem)
    assert modem.heard == []
    wire.restore()
    assert modem.heard == ["resumed"]
    assert sent == []


def test_a_line_that_is_cut_stays_so() -> None:
    wire, modem, sent = line()
    wire.open(modem)
    wire.cut()
    wire.restore()
    wire.interrupt()
    assert wire.is_closed
    assert not wire.is_connected
    assert sent == [(Kind.PRESENCE, b"will 1")]


def test_a_goodbye_is_no_will() -> None:
    wire, modem, sent = line()
    wire.open(modem)
    wire.close(b"goodbye")
    assert sent == [(Kind.PRESENCE, b"goodbye")]
    assert wire.is_closed
