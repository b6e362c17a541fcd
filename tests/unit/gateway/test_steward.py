"""The steward says that the modem lives, if it does."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.config import Config
from gateway.launcher import ALIVE
from gateway.link import LinkSettings
from gateway.protocol.vocabulary import Refusal, Signals
from gateway.steward import DISK_LOOK_MS, FAILING_MS, Steward
from tests.support.modem import DEVICE, Modem


def signs(receiver: int) -> int:
    """Return how often life was shown since the last look."""
    try:
        return len(os.read(receiver, 4096))
    except BlockingIOError:
        return 0


def steward_of(modem: Modem) -> Steward:
    nobody: Any = None  # there is nothing to update, and no certificate to renew
    return Steward(
        Config(
            device=DEVICE,
            controller="",
            outbox=Path(),
            link=LinkSettings(host="localhost", port=8883),
        ),
        agent=modem.agent,
        loop=nobody,
        link=nobody,
        clock=modem.hardware,
        version="1.0.0",
    )


def test_an_agent_that_fails_at_every_step_shows_no_sign_of_life(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiver, sender = os.pipe()
    os.set_blocking(receiver, False)
    monkeypatch.setenv(ALIVE, str(sender))
    modem = Modem()
    steward = steward_of(modem)

    def defect() -> None:
        raise ZeroDivisionError

    def live(ms: int) -> None:
        for _ in range(0, ms, 1_000):
            modem.hardware.now_ms += 1_000
            with suppress(ZeroDivisionError):
                modem.agent.step()
            steward.step()

    live(60_000)
    assert signs(receiver) == 60
    monkeypatch.setattr(modem.hardware, "read", defect)
    live(FAILING_MS)
    signs(receiver)
    live(60_000)
    assert signs(receiver) == 0
    monkeypatch.undo()
    live(10_000)
    assert signs(receiver) == 10
    for end in (receiver, sender):
        os.close(end)


def test_while_the_disk_fails_nothing_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    modem = Modem()
    steward = steward_of(modem)
    asked: list[str] = []

    def does(what: str) -> Any:
        return lambda *_: asked.append(what)

    renewal = SimpleNamespace(step=lambda: 0, install=does("install"))
    updates = SimpleNamespace(step=lambda: 0, order=does("order"), piece=does("piece"))
    monkeypatch.setattr(steward, "_renewal", renewal)
    monkeypatch.setattr(steward, "_updates", updates)
    nothing: Any = None

    def use() -> tuple[str, str, int]:
        steward.piece(nothing)
        return steward.install("chain"), steward.update(nothing), steward.step()

    assert use()[-1] == 0
    assert asked == ["piece", "install", "order"]

    asked.clear()
    monkeypatch.setattr(modem.agent.outbox, "put", fail)
    modem.run(4_000, signals=Signals.SOS)
    assert modem.agent.disk_fails
    assert use() == (Refusal.DISK, Refusal.DISK, modem.hardware.now_ms + DISK_LOOK_MS)
    assert asked == []


def fail(*_: object) -> None:
    raise sqlite3.OperationalError("disk I/O error")
