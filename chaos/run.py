"""One run: an estate, its faults, time to settle, and the account."""

import logging
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

import psycopg

from chaos import account
from chaos.account import Account
from chaos.canary import Canary
from chaos.estate import MODEM_LIVES_S, Estate, Size
from chaos.faults import Hand, Suffered
from chaos.plan import GATEWAYS, PROCESSES, Kind, plan
from tests.support.ledger import Sent
from tests.support.platform import eventually

AT_A_TIME: Final = 8
# Modems send again after 15 s, then 30 and 60; who had the pause of a broken line waits up to 120.
SETTLE_S: Final = 240.0
# A look-alike that is going to deceive anybody has done so by then.
AFTERWARDS_S: Final = 15.0
LOOK_S: Final = 1.0
TELL_S: Final = 20.0
_BUSY: Final = (
    "SELECT pid, application_name, state, wait_event, pg_blocking_pids(pid) AS blocked_by,"
    " now() - xact_start AS since, left(query, 60) AS query FROM pg_stat_activity"
    " WHERE xact_start < now() - interval '2 seconds' AND backend_type = 'client backend'"
)

_log = logging.getLogger(__name__)


class _Watcher:
    """Changes modems whose story is told, and restarts what ended though nothing befell it."""

    def __init__(self, estate: Estate, hand: Hand) -> None:
        self._estate, self._hand = estate, hand
        self._stop = Event()
        self._since_s = dict.fromkeys(GATEWAYS, time.monotonic())
        self._thread = Thread(target=self._run)
        self.notes: list[str] = []
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            for name in PROCESSES:
                with self._hand.holding(name, wait=False) as free:
                    if free:
                        self._hand.revive(name, self.notes.append)
                        if name in self._since_s:
                            self._relieve(name)

    def _relieve(self, slot: str) -> None:
        age_s = time.monotonic() - self._since_s[slot]
        if age_s > MODEM_LIVES_S and self._estate.said_all(slot):
            self._since_s[slot] = time.monotonic()
            self._estate.next_modem(slot)


def run(
    *, seed: int, faults: int, seconds: float, missing: Mapping[Kind, str], keep: Path | None = None
) -> Account:
    """Do ``faults`` faults to a new estate within ``seconds``, and return the account.

    ``keep``: folder for what is left of it; None: nothing is kept.
    """
    kinds = [kind for kind in Kind if kind not in missing]
    deeds = plan(seed, faults=faults, seconds=seconds, kinds=kinds)
    with tempfile.TemporaryDirectory(prefix="liftwacht-chaos-", ignore_cleanup_errors=True) as made:
        directory = keep or Path(made)
        Path(made).chmod(0o755)  # the database's own user has to get in
        estate = Estate(directory, size=Size(seconds=seconds), seed=seed, kinds=kinds)
        with estate:
            estate.populate()
            truths = estate.truths
            eventually(lambda: all(each.exists() for each in truths), what="lives have begun")
            eventually(estate.inhabited, what="all households are connected")
            broker = estate.broker
            canary = Canary(
                broker.host, broker.port, estate.certificates, lambda: estate.place("lifts")
            )
            eventually(lambda: canary.answered_since(0.0), what="a call is answered")
            _log.info("seed %d: %d faults within %.0f s", seed, len(deeds), seconds)
            hand = Hand(estate)
            watcher = _Watcher(estate, hand)
            began_s = time.monotonic()
            waiting: list[Future[Suffered]] = []
            with ThreadPoolExecutor(AT_A_TIME) as pool:
                for fault in deeds:
                    time.sleep(max(0.0, began_s + fault.at_s - time.monotonic()))
                    waiting.append(pool.submit(hand.befall, fault))
            suffered = [future.result() for future in waiting]
            took_s = time.monotonic() - began_s
            _log.info("all faults are over after %.0f s", took_s)
            over_s = time.monotonic()
            due = account.sent_so_far(estate)
            settled = _settle(estate, due, lambda: canary.answered_since(over_s) is not None)
            time.sleep(AFTERWARDS_S)
            watcher.stop()
            canary.stop()
            return _account(
                estate=estate,
                canary=canary,
                suffered=suffered,
                watcher=watcher,
                took_s=took_s,
                missing=missing,
                due=due,
                settled=settled,
            )


def _settle(estate: Estate, due: Collection[Sent], answered: Callable[[], bool]) -> bool:
    """Wait until nothing is outstanding any more and calls are answered; False: it was in vain."""
    until_s = time.monotonic() + SETTLE_S
    tell_s = time.monotonic() + TELL_S
    while time.monotonic() < until_s:
        with suppress(psycopg.OperationalError):
            left = account.outstanding(estate, due)
            if answered() and not left:
                return True
            if time.monotonic() > tell_s:
                tell_s += TELL_S
                _log.info("%d outstanding; calls are answered: %s", len(left), answered())
                for row in estate.rows(_BUSY):
                    _log.info("database: %s", row)
        time.sleep(LOOK_S)
    return False


def _account(
    *,
    estate: Estate,
    canary: Canary,
    suffered: Collection[Suffered],
    watcher: _Watcher,
    took_s: float,
    missing: Mapping[Kind, str],
    due: Mapping[Sent, bool],
    settled: bool,
) -> Account:
    made, answered = canary.counts
    ordered = sorted(suffered, key=lambda one: one.began_s)
    details: list[str] = []
    notes = [f"{one.fault.kind} {one.fault.subject}: {one.note}" for one in ordered if one.note]
    if not settled:
        details += [f"outstanding: {each}" for each in account.outstanding(estate, due)[:40]]
    return Account(
        seed=estate.seed,
        seconds=took_s,
        faults=len(ordered),
        missing={kind.value: why for kind, why in missing.items()},
        messages=account.messages(estate, due, details),
        readings=account.readings(estate),
        tickets=account.tickets(estate, details),
        canary={"made": made, "answered": answered},
        recovery=account.recovery(ordered, canary.answered_since),
        notes=notes + watcher.notes,
        details=details,
    )
