"""The steward says that the modem lives, if it does."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.config import Config
from gateway.launcher import ALIVE
from gateway.link import LinkSettings
from gateway.steward import FAILING_MS, Steward
from tests.support.modem import DEVICE, Modem


def signs(receiver: int) -> int:
    """Return how often life was shown since the last look."""
    try:
        return len(os.read(receiver, 4096))
    except BlockingIOError:
        return 0


def test_an_agent_that_fails_at_every_step_shows_no_sign_of_life(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiver, sender = os.pipe()
    os.set_blocking(receiver, False)
    monkeypatch.setenv(ALIVE, str(sender))
    modem = Modem()
    link = LinkSettings(host="localhost", port=8883)
    nobody: Any = None  # there is nothing to update, and no certificate to renew
    steward = Steward(
        Config(device=DEVICE, controller="", outbox=Path(), link=link),
        agent=modem.agent,
        loop=nobody,
        link=nobody,
        clock=modem.hardware,
        version="1.0.0",
    )

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
