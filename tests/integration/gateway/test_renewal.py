"""A modem's certificate over its life: renewed, put back if refused, expired, forgotten."""

import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.__main__ import main
from gateway.config import Config, load
from gateway.enrol import Enrolment, enrol
from gateway.identity import IdentityError, IdentityFile
from gateway.outbox import Outbox
from gateway.protocol.topics import Kind
from gateway.renewal import TRIAL_MS, Renewal
from ingest.provisioning.authority import Authority, read_request
from tests.support.lift import identifiers
from tests.support.messages import stored

DEVICE = "sl-000001"
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class Place:
    """One modem's identity, the authority, a line that a test makes and breaks, and two clocks."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority.open(folder / "authority", now=NOW - timedelta(days=300))
        self.identity = IdentityFile(folder / "identity.pem")
        self.now = NOW
        self.now_ms = 0
        self.idle = True
        self.is_connected = True
        self.reconnects: list[str] = []
        self.asked: list[str] = []

    def sign(self, request: str, at: datetime) -> str:
        return self.authority.sign(read_request(request), DEVICE, now=at).chain

    def enrolled(self, at: datetime) -> None:
        self.identity.install(self.sign(self.identity.request(DEVICE), at))
        self.identity.confirm()

    def on_trial(self) -> bool:
        return self.identity.on_trial

    def renewal(self) -> Renewal:
        place = self

        class Loop:
            def in_helper(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
                outcome: Future[Any] = Future()
                try:
                    outcome.set_result(work())
                except IdentityError as error:
                    outcome.set_exception(error)
                done(outcome)

        class Link:
            @property
            def is_connected(self) -> bool:
                return place.is_connected

            def reconnect(self, why: str) -> None:
                place.reconnects.append(why)

        return Renewal(
            self.identity,
            device=DEVICE,
            loop=Loop(),  # type: ignore[arg-type]
            link=Link(),  # type: ignore[arg-type]
            idle=lambda: self.idle,
            send=lambda request: not self.asked.append(request),  # type: ignore[func-returns-value]
            monotonic_ms=lambda: self.now_ms,
            wall_ms=lambda: round(self.now.timestamp() * 1000),
            check_every_ms=60_000,
        )

    def later(self, renewal: Renewal, ms: int) -> None:
        self.now_ms += ms
        renewal.step()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "authority").mkdir()
    return Place(tmp_path)


def test_another_is_asked_for_at_half_of_its_life_and_tried_when_nobody_rides(
    place: Place,
) -> None:
    place.enrolled(NOW - timedelta(days=80))
    renewal = place.renewal()
    place.later(renewal, 60_000)
    assert place.asked == []  # 80 of 180 days
    place.now = NOW + timedelta(days=11)
    place.is_connected = False
    place.later(renewal, 60_000)
    assert place.asked == []  # nobody to ask
    place.is_connected = True
    place.later(renewal, 60_000)
    place.later(renewal, 60_000)
    assert len(place.asked) == 2  # the answer may have been lost
    assert len({read_request(each).key_hash for each in place.asked}) == 1
    before = place.identity.path.read_bytes()
    place.idle = False
    assert renewal.install(place.sign(place.asked[0], place.now)) == ""
    place.later(renewal, 1_000)
    assert place.reconnects == []  # not under a rider
    place.idle = True
    place.later(renewal, 1_000)
    assert place.reconnects == ["the certificate is a new one"]
    assert place.on_trial()
    assert renewal.install("another") == "another is being tried"
    place.later(renewal, 1_000)  # the line is back with it
    assert not place.on_trial()
    assert place.identity.path.read_bytes() != before
    assert place.identity.validity().begins_s > (NOW + timedelta(days=9)).timestamp()


def test_the_one_before_comes_back_when_the_broker_refuses_the_new_one(place: Place) -> None:
    place.enrolled(NOW - timedelta(days=100))
    before = place.identity.path.read_bytes()
    renewal = place.renewal()
    place.later(renewal, 60_000)
    assert renewal.install(place.sign(place.asked[0], NOW)) == ""
    place.is_connected = False
    place.later(renewal, 1_000)
    place.later(renewal, TRIAL_MS // 2)
    assert place.on_trial()
    renewal = place.renewal()  # a power cut in the middle of it: it goes on
    place.later(renewal, TRIAL_MS - 1_000)
    assert place.on_trial()
    place.later(renewal, 1_000)
    assert place.identity.path.read_bytes() == before
    assert place.reconnects[-1] == "the certificate before is back"
    place.is_connected = True
    place.later(renewal, 60_000)
    assert len(place.asked) == 2  # and it asks again
    # One for another key changes nothing.
    other = IdentityFile(place.identity.path.with_name("other.pem"))
    foreign = place.sign(other.request(DEVICE), NOW)
    assert "not for the key that was asked for" in renewal.install(foreign)
    assert place.identity.path.read_bytes() == before


def test_one_that_has_expired_asks_nobody_and_a_code_brings_it_back(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.enrolled(NOW - timedelta(days=200))
    assert place.identity.validity().ends_s < NOW.timestamp()
    place.is_connected = False  # the broker does not take it; the telephone is left
    renewal = place.renewal()
    place.later(renewal, 3_600_000)
    assert place.asked == []
    assert place.identity.path.exists()

    def post(_url: str, body: dict[str, str]) -> Enrolment:
        assert body["code"] == "CODE"
        return Enrolment(DEVICE, place.sign(body["csr"], NOW), "ca")

    monkeypatch.setattr("gateway.enrol._post", post)
    enrol(config(tmp_path), url="https://liftwacht.example", code="CODE\n")
    assert place.identity.validity().ends_s > (NOW + timedelta(days=179)).timestamp()
    assert not place.on_trial()


def config(folder: Path) -> Config:
    return load(config_file(folder))


def config_file(folder: Path) -> Path:
    file = folder / "modem.toml"
    file.write_text(
        f'device = "{DEVICE}"\ncontroller = "tcp://127.0.0.1:1"\noutbox = "outbox.db"\n'
        '[link]\nhost = "localhost"\nport = 1\n'
        '[link.tls]\nca = "ca.crt"\ncertificate = "identity.pem"\n'
    )
    return file


def test_a_factory_reset_forgets_everything_but_a_call_that_nobody_has_heard(
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place.enrolled(NOW)
    place.identity.request(DEVICE)  # the key of a request that is under way goes too
    file = config_file(tmp_path)
    monkeypatch.setattr(
        sys, "argv", ["liftwacht-gateway", "--config", str(file), "--factory-reset"]
    )
    outbox = Outbox(tmp_path / "outbox.db", device=DEVICE, new_id=identifiers().__next__)
    outbox.put([stored("call")], {"watch": b"what it learnt"})
    first = outbox.outbox_id
    outbox.close()
    assert main() == 2
    assert "a call for help has not gone out yet" in capsys.readouterr().err
    assert place.identity.path.exists()
    with sqlite3.connect(tmp_path / "outbox.db") as disk:
        disk.execute("DELETE FROM message")
    disk.close()
    assert main() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority", "modem.toml"]
    outbox = Outbox(tmp_path / "outbox.db", device=DEVICE, new_id=lambda: "f" * 32)
    assert (outbox.outbox_id != first, outbox.recall("watch")) == (True, None)
    assert not outbox.holds(Kind.CALL)
    outbox.close()
    assert main() == 0  # again, with nothing left to forget
