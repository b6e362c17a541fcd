"""Reads what the parts left in the database, and judges it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import resources
from typing import Any, NamedTuple

from api.health.schemas import (
    Account,
    Health,
    Listener,
    Objective,
    Part,
    PartName,
    SelfTest,
    State,
    Trouble,
)
from api.queries import Connection, row, rows
from diagnostics.objectives.catalogue import BY_NAME
from diagnostics.queries import load
from gateway.protocol.topics import SHARD_COUNT

QUERIES = load("api.health")
# Ingest beats every 2 s; the engine completes a cycle at least as often.
LISTENER_SILENT_AFTER = timedelta(seconds=10)
ENGINE_LATE_AFTER = timedelta(seconds=10)
ENGINE_DEAD_AFTER = timedelta(seconds=30)
# Nobody waits for the analysis; but it should not stand still.
ANALYSIS_LATE_AFTER = timedelta(minutes=2)
ANALYSIS_BEHIND_S = 900.0
NOTIFICATION_OVERDUE_AFTER = timedelta(seconds=60)
# Longer than that, and it was taken away on purpose.
BRIDGE_COUNTS_FOR = timedelta(days=1)
GIVEN_UP_COUNTS_FOR = timedelta(days=1)
UNREAD_COUNTS_FOR = timedelta(days=1)
# What the platform's own watch measures twice a minute; a moment's imbalance is none.
UNMEASURED_AFTER = timedelta(minutes=5)
MISSING_FOR = timedelta(minutes=1)
_TROUBLES = {PartName.SURROUNDINGS: {"disk", "certificates"}, PartName.LIVE: {"desk"}}
_OBJECTIVES = {
    PartName.ACCOUNTS: ("accounts",),
    PartName.SURROUNDINGS: ("disk_free", "certificate_days"),
}


class Readings(NamedTuple):
    """What the database says of the parts."""

    schema_version: int | None
    listeners: Sequence[dict[str, Any]]
    engine_cycled_at: datetime | None  # None: not over all shards yet
    overdue: int
    given_up: int
    unreachable: Sequence[str]  # on call, and without any way to be told
    centres_failing: Sequence[str]  # alarm receiving centres
    calls_unread: int
    analysed_at: datetime | None  # None: not over all shards yet
    analysis_lag_s: float
    bridges: Sequence[dict[str, Any]] = ()  # each between a broker and JetStream
    signals_waiting: int = 0  # of which no case could be made
    escalated_at: datetime | None = None  # None: never
    self_test: SelfTest | None = None
    troubles: Sequence[Trouble] = ()
    objectives: Sequence[Objective] = ()
    accounts: Sequence[Account] = ()

    def ill_since(self, part: PartName) -> datetime | None:
        """Return since when the platform's own watch knows that a part is ill."""
        troubles = [
            each.since for each in self.troubles if each.part in _TROUBLES.get(part, {part})
        ]
        missed = [
            each.missed_since
            for each in self.objectives
            if each.missed_since is not None and each.name in _OBJECTIVES.get(part, ())
        ]
        return min((*troubles, *missed), default=None)


def expected_schema_version() -> int:
    """Return the number of the newest migration that this version brings."""
    directory = resources.files("ingest.storage") / "migrations"
    return max(int(file.name[:4]) for file in directory.iterdir() if file.name.endswith(".sql"))


async def read(connection: Connection, *, now: datetime) -> Readings:
    """Read what the parts say of themselves."""
    schema = await row(connection, QUERIES["schema_version"])
    engine = await row(connection, QUERIES["engine"])
    notifications = await row(
        connection,
        QUERIES["notifications"],
        {
            "overdue_before": now - NOTIFICATION_OVERDUE_AFTER,
            "given_up_after": now - GIVEN_UP_COUNTS_FOR,
        },
    )
    analysis = await row(
        connection, QUERIES["analysis"], {"alive_since": now - ANALYSIS_LATE_AFTER}
    )
    unread = await row(connection, QUERIES["calls_unread"], {"after": now - UNREAD_COUNTS_FOR})
    objectives = await rows(connection, QUERIES["objectives"])
    escalation = await row(connection, QUERIES["escalation"])
    test = await row(connection, QUERIES["self_test"])
    assert escalation is not None  # noqa: S101 - aggregates always return a row
    assert schema is not None  # noqa: S101
    assert engine is not None  # noqa: S101
    assert notifications is not None  # noqa: S101
    assert unread is not None  # noqa: S101
    assert analysis is not None  # noqa: S101
    return Readings(
        schema_version=schema["version"],
        listeners=await rows(connection, QUERIES["listeners"]),
        bridges=await rows(connection, QUERIES["bridges"], {"after": now - BRIDGE_COUNTS_FOR}),
        engine_cycled_at=None if engine["never"] else engine["cycled_at"],
        overdue=notifications["overdue"],
        given_up=notifications["given_up"],
        unreachable=notifications["unreachable"],
        centres_failing=notifications["centres_failing"],
        calls_unread=unread["unread"],
        analysed_at=None if analysis["never"] else analysis["cycled_at"],
        analysis_lag_s=analysis["lag_s"],
        signals_waiting=analysis["signals_waiting"],
        escalated_at=escalation["beat_at"],
        self_test=SelfTest.model_validate(test) if test else None,
        troubles=[
            Trouble.model_validate(found) for found in await rows(connection, QUERIES["troubles"])
        ],
        objectives=[_objective(found) for found in objectives if found["name"] in BY_NAME],
        accounts=[
            Account(stage=found["label"], missing=round(found["value"]), **found["detail"])
            for found in objectives
            if found["name"] == "accounts"
        ],
    )


def _objective(found: dict[str, Any]) -> Objective:
    promised = BY_NAME[found["name"]]
    return Objective(
        name=promised.name,
        label=found["label"],
        value=found["value"],
        unit=promised.unit,
        target=promised.target,
        met=found["missed_since"] is None,
        missed_since=found["missed_since"],
        measured_at=found["measured_at"],
    )


def judge(readings: Readings | None, *, now: datetime, schema_version: int, live: bool) -> Health:
    """Say how the chain is doing.

    Args:
        readings: what the database says; None if it does not answer.
        now: the present.
        schema_version: the one that this version of the program needs.
        live: whether changes reach the open pages at once.
    """
    if readings is None:
        detail = "does not answer"
        unknown = [
            Part(name=name, state=State.DOWN, detail="unknown without the database")
            for name in PartName
            if name not in (PartName.DATABASE, PartName.LIVE)
        ]
        parts = [Part(name=PartName.DATABASE, state=State.DOWN, detail=detail), *unknown]
        listeners: list[Listener] = []
    else:
        listeners = [_listener(found, now) for found in readings.listeners]
        parts = [
            _database(readings.schema_version, schema_version),
            _ingest(listeners),
            _bridge(readings.bridges, now),
            _engine(readings.engine_cycled_at, now),
            _escalation(readings.escalated_at, now),
            _notifications(readings),
            _calls(readings.calls_unread),
            _self_test(readings.self_test, readings.troubles),
            _analysis(readings.analysed_at, readings.analysis_lag_s, readings.signals_waiting, now),
            _accounts(readings, now),
            _surroundings(readings.objectives),
        ]
    parts.append(
        Part(name=PartName.LIVE, state=State.OK, detail="changes are passed on at once")
        if live
        else Part(name=PartName.LIVE, state=State.DEGRADED, detail="changes come with delay")
    )
    cycled_at = readings.engine_cycled_at if readings else None
    return Health(
        state=max((part.state for part in parts), key=list(State).index),
        since=now,
        checked_at=now,
        parts=parts,
        listeners=listeners,
        schema_version=readings.schema_version if readings else None,
        engine_cycle_age_s=round((now - cycled_at).total_seconds(), 1) if cycled_at else None,
        analysis_lag_s=readings.analysis_lag_s if readings else None,
        notifications_overdue=readings.overdue if readings else None,
        notifications_given_up=readings.given_up if readings else None,
        self_test=readings.self_test if readings else None,
        troubles=list(readings.troubles) if readings else [],
        objectives=list(readings.objectives) if readings else [],
        accounts=list(readings.accounts) if readings else [],
        calls_unread=readings.calls_unread if readings else None,
    )


def _database(found: int | None, needed: int) -> Part:
    if (found or 0) < needed:
        detail = f"schema version is {found}, {needed} is needed: run liftwacht-ingest migrate"
        return Part(name=PartName.DATABASE, state=State.DOWN, detail=detail)
    return Part(name=PartName.DATABASE, state=State.OK, detail=f"schema version {found}")


def _listener(found: dict[str, Any], now: datetime) -> Listener:
    beating = now - found["beat_at"] <= LISTENER_SILENT_AFTER
    listening = beating and found["listening_since"] is not None
    state = State.OK if listening else State.DEGRADED if beating else State.DOWN
    return Listener(
        worker=found["worker"],
        holder=found["holder"],
        first_shard=found["first_shard"],
        last_shard=found["last_shard"],
        state=state,
        connected=listening,
        listening_since=found["listening_since"] if listening else None,
        beat_at=found["beat_at"],
    )


def _ingest(listeners: Sequence[Listener]) -> Part:
    heard = {
        shard
        for listener in listeners
        if listener.connected
        for shard in range(listener.first_shard, listener.last_shard + 1)
    }
    detail = f"{len(heard)} of {SHARD_COUNT} shards are listened to"
    missing = State.DEGRADED if heard else State.DOWN
    state = State.OK if len(heard) >= SHARD_COUNT else missing
    return Part(name=PartName.INGEST, state=state, detail=detail)


def _bridge(bridges: Sequence[dict[str, Any]], now: datetime) -> Part:
    """What a bridge does not bring, no worker hears, whatever else it hears."""
    dead = [each for each in bridges if now - each["beat_at"] > LISTENER_SILENT_AFTER]
    details = [f"{each['process']} is not well: {_sides(each)}" for each in dead]
    if not bridges:
        details = ["none: ingest reads the broker itself"]
    elif not dead:
        details = [f"{len(bridges)} bring all that their brokers have"]
    state = State.OK if not dead else State.DOWN if len(dead) == len(bridges) else State.DEGRADED
    return Part(name=PartName.BRIDGE, state=state, detail="; ".join(details))


def _sides(bridge: dict[str, Any]) -> str:
    """Which side is ill, since when. Nothing is: the process itself is silent."""
    ill = [
        f"{side} since {side_['since'][:19]}"
        for side, side_ in bridge["detail"].items()
        if not side_["well"]
    ]
    return ", ".join(ill) or f"it is silent since {bridge['beat_at']:%Y-%m-%dT%H:%M:%S}"


def _engine(cycled_at: datetime | None, now: datetime) -> Part:
    if cycled_at is None:
        detail = "has not completed a cycle over all shards yet"
        return Part(name=PartName.ENGINE, state=State.DOWN, detail=detail)
    age = now - cycled_at
    detail = f"completed a cycle {max(age.total_seconds(), 0):.0f} s ago"
    if age > ENGINE_DEAD_AFTER:
        state = State.DOWN
    else:
        state = State.DEGRADED if age > ENGINE_LATE_AFTER else State.OK
    return Part(name=PartName.ENGINE, state=state, detail=detail)


def _escalation(beat_at: datetime | None, now: datetime) -> Part:
    if beat_at is None or now - beat_at > ENGINE_DEAD_AFTER:
        seen = "was never seen" if beat_at is None else f"last seen at {beat_at:%H:%M:%S}"
        detail = f"nobody is called: {seen}"
        return Part(name=PartName.ESCALATION, state=State.DOWN, detail=detail)
    state = State.DEGRADED if now - beat_at > ENGINE_LATE_AFTER else State.OK
    age_s = max((now - beat_at).total_seconds(), 0)
    return Part(name=PartName.ESCALATION, state=state, detail=f"looked {age_s:.0f} s ago")


def _self_test(test: SelfTest | None, troubles: Sequence[Trouble]) -> Part:
    trouble = next((each for each in troubles if each.part == PartName.SELF_TEST), None)
    if trouble is not None:
        return Part(name=PartName.SELF_TEST, state=State.DEGRADED, detail=trouble.detail)
    if test is None:
        return Part(name=PartName.SELF_TEST, state=State.OK, detail="none yet")
    state = State.OK if test.passed else State.DEGRADED
    took = "no answer" if test.took_s is None else f"{test.took_s:.1f} s"
    detail = f"last at {test.at:%Y-%m-%d %H:%M} UTC, {took}"
    return Part(name=PartName.SELF_TEST, state=state, detail=detail)


def _notifications(readings: Readings) -> Part:
    details = [f"{readings.overdue} overdue, {readings.given_up} given up in the last day"]
    details += [f"{name} is on call and cannot be reached" for name in readings.unreachable]
    details += [f"the link to alarm centre {name} fails" for name in readings.centres_failing]
    ill = readings.overdue or readings.given_up or len(details) > 1
    state = State.DEGRADED if ill else State.OK
    return Part(name=PartName.NOTIFICATIONS, state=state, detail="; ".join(details))


def _calls(unread: int) -> Part:
    detail = f"{unread} calls of the last day lie in quarantine"
    return Part(name=PartName.CALLS, state=State.DEGRADED if unread else State.OK, detail=detail)


def _analysis(cycled_at: datetime | None, lag_s: float, waiting: int, now: datetime) -> Part:
    if cycled_at is None:
        detail = "has not looked at all shards yet"
        return Part(name=PartName.ANALYSIS, state=State.DEGRADED, detail=detail)
    age = now - cycled_at
    detail = f"looked {max(age.total_seconds(), 0):.0f} s ago, {lag_s:.0f} s behind the log"
    if waiting:
        detail += f"; {waiting} signals about use cannot be brought into a case"
    late = age > ANALYSIS_LATE_AFTER or lag_s > ANALYSIS_BEHIND_S or waiting > 0
    state = State.DEGRADED if late else State.OK
    return Part(name=PartName.ANALYSIS, state=state, detail=detail)


def _accounts(readings: Readings, now: datetime) -> Part:
    """What came in is stored, judged and sent, or somebody has to look where it is."""
    measured_at = max((each.measured_at for each in readings.objectives), default=None)
    if measured_at is not None and now - measured_at > UNMEASURED_AFTER:
        detail = f"last counted at {measured_at:%H:%M:%S}"
        return Part(name=PartName.ACCOUNTS, state=State.DEGRADED, detail=detail)
    missing = [
        f"{round(each.value)} of {each.label}"
        for each in readings.objectives
        if each.name == "accounts"
        and each.missed_since is not None
        and now - each.missed_since >= MISSING_FOR
    ]
    if missing:
        detail = f"not to be found: {', '.join(missing)}"
        return Part(name=PartName.ACCOUNTS, state=State.DEGRADED, detail=detail)
    detail = "nothing is missing" if readings.accounts else "not counted yet"
    return Part(name=PartName.ACCOUNTS, state=State.OK, detail=detail)


def _surroundings(objectives: Sequence[Objective]) -> Part:
    """Disks and certificates, as far as anybody watches them."""
    watched = [each for each in objectives if each.name in _OBJECTIVES[PartName.SURROUNDINGS]]
    missed = [
        f"{each.name} of {each.label} is {each.value:.3g} {each.unit}"
        for each in watched
        if not each.met
    ]
    state = State.DEGRADED if missed else State.OK
    detail = "; ".join(missed) or f"{len(watched)} disks and certificates watched"
    return Part(name=PartName.SURROUNDINGS, state=state, detail=detail)
