"""A day of a fleet with everything on: is anything lost, is anybody missed, is memory flat?

    python -m benchmarks.day [--aids 2000] [--hours 24] [--tempo 96] [--incident-every 15]

The whole platform (broker with TLS and access lists, database, ingest, both lanes of diagnostics,
api, registrar, test lift, mails to who is on call) under households that live a day. With
``--tempo`` they use their aids so many times as often as in life, so a day takes 24 h / tempo.
Nothing else is hurried: each ride takes its time, and so do emergencies, modems, and all that the
platform waits for. So uses and emergencies are those of a day; what goes by the calendar is not
seen.

Every ``--incident-every`` seconds on average something happens to somebody, an emergency or what
looks like one, and the simulator writes the truth down. Somebody at the desk takes each emergency
on and confirms the release a while later. Memory of each process is looked at every few seconds.

Each line is a JSON object: name, value, unit, baseline, ratio (value to baseline), and for memory
how much it was at half of the day and how it goes on, its baseline being that of a tenth of the
day. Exit code 1: a message was lost or doubled, an emergency had no ticket or two, or a process
ended.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple
from urllib.error import HTTPError

import msgspec
import psutil

from benchmarks.simulator import report
from ingest.provisioning.manifest import TEST_LIFT
from simulator.manifest import records
from simulator.truth import Episode
from tests.support.ledger import Readings, Sent, readings_in, sent_of, stored_in
from tests.support.platform import Platform, eventually
from tests.support.receivers import MailServer
from tests.support.rota import on_call

CONNECTS_PER_S = 50.0
LOOK_S = 5.0  # how often memory is looked at
# Who is stuck is freed so long after the ticket…
FREED_AFTER_S = 240.0
# …but where the lift cannot hear of it, its line being lost, that takes the simulated mechanic so
# long since it began, and until then nothing of it comes through.
LINGER_S = 600.0
# Modems send again after 15 s, then 30 and 60; what the last story has to say comes after it.
SETTLE_S = LINGER_S + 180.0
# What a ticket may take longer than its scenario says, on a machine that does the rest as well.
GRACE = timedelta(seconds=60)
# An edge that opens may ask for help before the label says that there is no way out.
AHEAD = timedelta(seconds=15)
NEVER = datetime.max.replace(tzinfo=UTC)
TOLD_AT_MOST = 20
SELF_TEST_EVERY_S = 60
# Each lift says goodbye and closes its outbox, and some cannot say it.
FAREWELL_PER_AID_S = 0.05


# -- the account: pure ----------------------------------------------------------------------


class Ticket(NamedTuple):
    """An emergency that was opened. ``released_at`` None: it lasts."""

    device: str
    opened_at: datetime
    released_at: datetime | None


class Emergencies(NamedTuple):
    """What came of what happened. ``took_s``: from when help was needed until the ticket."""

    expected: int
    lookalikes: int
    opened: int
    missed: list[str]
    doubled: list[str]
    false: list[str]
    took_s: list[float]


def latest(lines: Iterable[str]) -> list[Episode]:
    """Return the episodes of a truth file: of each the later line."""
    known: dict[tuple[str, str, str, str], Episode] = {}
    for line in lines:
        one = msgspec.json.decode(line, type=Episode)
        known[one.device, one.began, one.what, one.finding] = one
    return list(known.values())


def judge(
    episodes: Iterable[Episode], tickets: Iterable[Ticket], *, until: datetime
) -> Emergencies:
    """Compare what happened with the emergencies that were opened.

    Expected is what began by ``until``; later ones only excuse the tickets that they got.
    """
    tickets_of: dict[str, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        tickets_of[ticket.device].append(ticket)
    missed, doubled, took_s = [], [], []
    right: set[Ticket] = set()
    expected = lookalikes = 0
    for one in episodes:
        began, ended = _moment(one.began), _moment(one.until)
        in_time = began <= until
        if not one.emergency:
            lookalikes += in_time and not one.finding
            continue
        last = ended if ended == NEVER else ended + GRACE
        answers = [
            ticket
            for ticket in tickets_of[one.device]
            if ticket.opened_at <= last and (ticket.released_at or NEVER) >= began
        ]
        # One that was open before, for a fault of its own, is an answer and not this one's ticket.
        own = [ticket for ticket in answers if ticket.opened_at >= began - AHEAD]
        right.update(own)
        if not in_time:
            continue
        expected += 1
        if not answers:
            missed.append(f"{one.device} {one.what}")
        if len(own) > 1:
            doubled.append(f"{one.device} {one.what}")
        if own:
            took_s.append((min(each.opened_at for each in own) - began).total_seconds())
    opened = [ticket for each in tickets_of.values() for ticket in each]
    false = [f"{each.device} {each.opened_at:%H:%M:%S}" for each in opened if each not in right]
    return Emergencies(expected, lookalikes, len(opened), missed, doubled, false, took_s)


def _moment(text: str | None) -> datetime:
    return NEVER if text is None else datetime.fromisoformat(text)


class Memory(NamedTuple):
    """One process over the day, in MiB. ``slope``: MiB an hour, from a tenth of the day on."""

    at_tenth: float
    at_half: float
    at_end: float
    slope: float


def memory(samples: Sequence[tuple[float, float]]) -> Memory:
    """Return what became of the memory of a process.

    Args:
        samples: pairs of seconds and MiB, in order; at least one.
    """
    first_s, last_s = samples[0][0], samples[-1][0]

    def at(part: float) -> float:
        goal_s = first_s + part * (last_s - first_s)
        return min(samples, key=lambda each: abs(each[0] - goal_s))[1]

    warm = [each for each in samples if each[0] >= first_s + 0.1 * (last_s - first_s)]
    slope = 0.0
    if len({seconds for seconds, _ in warm}) > 1:
        slope = statistics.linear_regression(*zip(*warm, strict=True)).slope * 3600
    return Memory(at(0.1), at(0.5), samples[-1][1], slope)


class Books(NamedTuple):
    """Messages of all kinds but readings."""

    sent: int
    stored: int
    lost: list[Sent]
    doubled: list[Sent]


def balance(sent: Iterable[Sent], stored: Mapping[Sent, int]) -> Books:
    """Compare what modems wrote down with how often each is stored.

    What was sent after one looked, and the test lift's, is stored and not in ``sent``.
    """
    goal = set(sent)
    there = {each: times for each, times in stored.items() if each in goal}
    doubled = sorted(each for each, times in stored.items() if times > 1)
    return Books(len(goal), len(there), sorted(goal - there.keys()), doubled)


# -- the day -------------------------------------------------------------------------------


class Repeated:
    """Does something every so often in a thread of its own, for as long as the block lasts."""

    def __init__(self, act: Callable[[], None], *, every_s: float) -> None:
        self._act, self._every_s = act, every_s
        self._stop = Event()
        self._thread = Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop.is_set():
            with suppress(OSError, psutil.Error):  # it ends just now, or is too busy: next time
                self._act()
            self._stop.wait(self._every_s)

    def __enter__(self) -> None:
        """Begin."""
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """Do it no more."""
        self._stop.set()
        self._thread.join()


class Scales:
    """Weighs processes, the database with all that serve it (what they share counts once)."""

    def __init__(self, platform: Platform) -> None:
        pids = {name: process.pid for name, process in platform.processes.items()}
        self._processes = {
            name: psutil.Process(pid)
            for name, pid in (pids | {"broker": platform.broker.pid}).items()
        }
        self._postmaster = psutil.Process(platform.cluster.pid)
        self.samples: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def weigh(self) -> None:
        """Take note of what each has now."""
        now_s = time.monotonic()
        for name, process in self._processes.items():
            self.samples[name].append((now_s, process.memory_info().rss / 2**20))
        family = [self._postmaster, *self._postmaster.children()]
        size = 0
        for each in family:
            with suppress(psutil.Error):  # a connection that ends just now
                size += each.memory_full_info().pss
        self.samples["database"].append((now_s, size / 2**20))


class Desk:
    """Somebody who takes emergencies on, and hears of the release of each a while later."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def look(self) -> None:
        """Do what is due."""
        page = self._platform.get("/v1/tickets?priority=1&status=open&limit=200")
        now = datetime.now(UTC)
        for ticket in page.get("items", ()):
            path, version = f"/v1/tickets/{ticket['id']}", {"version": ticket["version"]}
            age_s = (now - datetime.fromisoformat(ticket["openedAt"])).total_seconds()
            freed_after_s = FREED_AFTER_S if ticket["liftHeardAt"] else LINGER_S
            with suppress(HTTPError):  # it changed meanwhile: next time
                if ticket["acknowledgedAt"] is None:
                    self._platform.post(f"{path}/acknowledge", version)
                elif ticket["releasedAt"] is None and age_s > freed_after_s:
                    done = version | {"how": "mechanic_on_site", "aidWorks": True}
                    self._platform.post(f"{path}/confirm-release", done)


def populate(platform: Platform, settings: argparse.Namespace, record: Path, state: Path) -> None:
    """Let the fleet, the registrar and the test lift begin, and wait until all are connected."""
    platform.add(
        "registrar",
        *("ingest", "registrar", "--certificates", str(platform.certificates)),
        environment=platform.environment("registrar", "liftwacht_registrar"),
    )
    platform.add(
        "self-test",
        *("diagnostics", "self-test"),
        environment=platform.environment(TEST_LIFT) | {"LIFTWACHT_DATABASE_URL": ""},
    )
    fleet = platform.add(
        "fleet",
        *("tests.support.recorded", str(record), "simulator", "fleet"),
        *("--manifest", str(platform.manifest), "--certificates", str(platform.certificates)),
        *("--state", str(state), "--seed", str(settings.seed), "--tempo", str(settings.tempo)),
        *("--incidents", str(settings.incident_every), "--outboxes", settings.outboxes),
        *("--connects-per-second", str(CONNECTS_PER_S), "--linger", str(LINGER_S)),
        environment={"LIFTWACHT_MQTT_URL": platform.broker.url},
    )
    up = f"{settings.aids} of {settings.aids} lifts connected"
    eventually(
        lambda: up in fleet.log,
        timeout_s=60 + 4 * settings.aids / CONNECTS_PER_S,
        what=f"all are connected\n{fleet.log[-2000:]}",
    )


def settle(
    platform: Platform, record: Path, truth: Path, until: datetime
) -> tuple[Books, Emergencies]:
    """Wait until what was sent is stored and what happened has a ticket, or in vain."""
    sent = sent_of(record)
    give_up_s = time.monotonic() + SETTLE_S
    while True:
        books = balance(sent, stored_in(platform))
        found = judge(latest(truth.read_text().splitlines()), tickets_of(platform), until=until)
        if not (books.lost or found.missed) or time.monotonic() > give_up_s:
            return books, found
        time.sleep(LOOK_S)


def tickets_of(platform: Platform) -> list[Ticket]:
    """Return the emergencies that were opened, but those of the test lift."""
    rows = platform.rows(
        "SELECT name, opened_at, released_at FROM ticket JOIN device USING (device_id)"
        " WHERE ticket.kind = 'emergency' AND NOT ticket.test"
    )
    return [Ticket(row["name"], row["opened_at"], row["released_at"]) for row in rows]


def tell(books: Books, found: Emergencies, telemetry: Readings) -> None:
    """Print what was sent and what happened, beside what came of it."""
    report("day.messages.sent", books.sent, "messages")
    report("day.messages.stored", books.stored, "messages", books.sent or None)
    report("day.messages.lost", len(books.lost), "messages")
    report("day.messages.doubled", len(books.doubled), "messages")
    report("day.readings.sent", telemetry.sent, "messages")
    report("day.readings.stored", telemetry.stored, "messages", telemetry.sent or None)
    report("day.readings.doubled", telemetry.doubled, "samples")
    report("day.emergencies.expected", found.expected, "emergencies")
    report("day.emergencies.lookalikes", found.lookalikes, "episodes")
    report("day.emergencies.opened", found.opened, "tickets, also after the day")
    for name in ("missed", "doubled", "false"):
        report(f"day.emergencies.{name}", len(getattr(found, name)), "emergencies")
    if found.took_s:
        report("day.emergencies.took.median", statistics.median(found.took_s), "s")
        report("day.emergencies.took.worst", max(found.took_s), "s")
    for what, which in (
        ("lost", map(tuple, books.lost)),
        ("doubled", map(tuple, books.doubled)),
        ("missed", found.missed),
        ("two tickets", found.doubled),
        ("false", found.false),
    ):
        for each in list(which)[:TOLD_AT_MOST]:
            print(f"{what}: {each}", file=sys.stderr)


def tell_health(platform: Platform, mail: MailServer) -> None:
    """Print how the platform says that it is, and whom it told."""
    health = platform.get("/v1/health")
    line = {"name": "day.health", "value": health.get("state"), "unit": "state"}
    print(json.dumps(line | {"baseline": "ok", "ratio": None}), flush=True)
    for one in health.get("objectives", ()):
        name = " ".join(filter(None, ("day.objective", one["name"], one["label"])))
        report(
            f"{name}: {'met' if one['met'] else 'MISSED'}",
            one["value"],
            one["unit"],
            one["target"] or None,
        )
    (aside,) = platform.rows("SELECT count(*) AS n FROM quarantine")
    report("day.quarantine", aside["n"], "messages")
    (said,) = platform.rows(
        "SELECT count(*) FILTER (WHERE delivered_at IS NOT NULL) AS delivered,"
        " count(*) FILTER (WHERE given_up_at IS NOT NULL) AS given_up FROM notification"
    )
    report("day.notifications.delivered", said["delivered"], "notifications")
    report("day.notifications.given_up", said["given_up"], "notifications")
    report("day.mails", len(mail.mails), "mails")
    (taken,) = platform.rows(
        "SELECT count(acknowledged_at) AS acknowledged, count(released_at) AS released FROM ticket"
        " WHERE kind = 'emergency' AND NOT test"
    )
    report("day.desk.acknowledged", taken["acknowledged"], "emergencies")
    report("day.desk.released", taken["released"], "emergencies")
    (tests,) = platform.rows(
        "SELECT count(*) AS n, count(heard_at) AS heard FROM self_test WHERE ended_at IS NOT NULL"
    )
    report("day.self_tests.heard", tests["heard"], "calls of the test lift", tests["n"] or None)


def tell_memory(samples: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """Print what each process had through the day."""
    for name, each in samples.items():
        was = memory(each)
        line = {"name": f"day.memory.{name}", "value": round(was.at_end, 1), "unit": "MiB"}
        line |= {"baseline": round(was.at_tenth, 1), "ratio": round(was.at_end / was.at_tenth, 3)}
        line |= {"at_half": round(was.at_half, 1), "MiB_per_hour": round(was.slope, 1)}
        print(json.dumps(line), flush=True)


def live(settings: argparse.Namespace, folder: Path) -> bool:
    """Live a day; tell whether nothing was lost, doubled or missed."""
    aids = [
        msgspec.to_builtins(aid) | {"client_number": f"C-{number:05d}"}
        for number, aid in enumerate(records(size=settings.aids, seed=settings.seed))
    ]
    lasts_s = settings.hours * 3600 / settings.tempo
    record, state = folder / "sent.jsonl", folder / "fleet"
    with MailServer() as mail:
        environment = {
            "LIFTWACHT_SMTP_URL": mail.url,
            "LIFTWACHT_SELF_TEST_EVERY_S": str(SELF_TEST_EVERY_S),
        }
        with Platform(folder / "platform", aids, environment) as platform:
            on_call(platform.database_url)
            platform.rows(
                "UPDATE account SET email = login || '@liftwacht.example' RETURNING login"
            )
            populate(platform, settings, record, state)
            report("day.aids", settings.aids, "aids")
            report("day.tempo", settings.tempo, "times as many uses as in life")
            report("day.lasts", lasts_s, "s", settings.hours * 3600)
            scales = Scales(platform)
            desk = Repeated(Desk(platform).look, every_s=1.0)
            with desk:
                with Repeated(scales.weigh, every_s=LOOK_S):
                    time.sleep(lasts_s)
                until = datetime.now(UTC)
                books, found = settle(platform, record, state / "truth.jsonl", until)
            ended = Counter(name for name, each in platform.processes.items() if not each.running)
            tell_health(platform, mail)
            platform.processes["fleet"].stop(within_s=20 + FAREWELL_PER_AID_S * settings.aids)
            time.sleep(LOOK_S)  # for what ingest has in hand
            tell(books, found, readings_in(platform, record))
            tell_memory(scales.samples)
            report("day.processes.ended", ended.total(), "processes", None)
            report("day.load", os.getloadavg()[0], "processes that want a core")
    return not (books.lost or books.doubled or found.missed or found.doubled or ended)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--aids", type=int, default=2_000)
    parser.add_argument("--hours", type=float, default=24.0, help="of the households' lives")
    parser.add_argument("--tempo", type=float, default=96.0, help="uses: so many times as in life")
    parser.add_argument("--incident-every", type=float, default=15.0, metavar="SECONDS")
    parser.add_argument("--outboxes", choices=["disk", "memory"], default="disk")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="an empty folder for what is left of the day")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liftwacht-day-", ignore_cleanup_errors=True) as made:
        folder: Path = arguments.keep or Path(made)
        folder.chmod(0o755)  # the database's own user has to get in
        return 0 if live(arguments, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
