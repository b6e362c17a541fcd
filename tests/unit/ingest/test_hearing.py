"""When the platform may say that it hears everything."""

from datetime import UTC, datetime, timedelta

from ingest.hearing import MAX_DELAY_S, Hearing

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def hearing_at(now_s: float) -> Hearing:
    hearing = Hearing()
    hearing.connected()
    hearing.echoed(hearing.probe(now_s))
    return hearing


def test_it_hears_nothing_before_the_first_probe_is_back() -> None:
    hearing = Hearing()
    hearing.connected()
    assert hearing.listening_since(1.0, NOW) is None
    hearing.echoed(hearing.probe(1.0))
    assert hearing.listening_since(1.1, NOW) == NOW


def test_since_stays_while_probes_come_back() -> None:
    hearing = hearing_at(1.0)
    assert hearing.listening_since(1.0, NOW) == NOW
    hearing.echoed(hearing.probe(5.0))
    assert hearing.listening_since(9.0, NOW + timedelta(seconds=8)) == NOW


def test_a_late_probe_breaks_it() -> None:
    hearing = hearing_at(1.0)
    hearing.listening_since(1.0, NOW)
    late_s = 1.0 + MAX_DELAY_S + 0.1
    assert not hearing.prompt(late_s)
    assert hearing.listening_since(late_s, NOW) is None
    hearing.echoed(hearing.probe(late_s))
    later = NOW + timedelta(seconds=10)
    assert hearing.listening_since(late_s, later) == later


def test_probes_of_an_earlier_connection_and_rubbish_count_for_nothing() -> None:
    hearing = Hearing()
    hearing.connected()
    old = hearing.probe(1.0)
    hearing.connected()
    for payload in (old, b"", b"2", b"2 x", b"\xff \xff"):
        hearing.echoed(payload)
    assert not hearing.prompt(1.0)
