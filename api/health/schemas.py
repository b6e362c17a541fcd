"""How the parts are doing, as told to the outside."""

from enum import StrEnum
from typing import Self

from pydantic import Field

from api.problems import Problem
from api.schema import Document, Time


class State(StrEnum):
    """Works, works in part, or does not work; in order of trouble."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class PartName(StrEnum):
    """The links of the chain that we can see from here."""

    DATABASE = "database"
    INGEST = "ingest"
    BRIDGE = "bridge"
    ENGINE = "engine"
    ESCALATION = "escalation"
    NOTIFICATIONS = "notifications"
    CALLS = "calls"
    SELF_TEST = "self_test"
    ANALYSIS = "analysis"
    ACCOUNTS = "accounts"
    SURROUNDINGS = "surroundings"
    LIVE = "live"


class Part(Document):
    """One link of the chain."""

    name: PartName
    state: State
    detail: str = Field(description="In words, for people; empty for anonymous readers.")
    since: Time | None = Field(
        default=None, description="Since when it is in this state, as far as seen from here."
    )


class Listener(Document):
    """A worker that listens to some of the shards."""

    worker: str = Field(description="Name of the queue at the broker.")
    holder: str | None = Field(description="The process that reads it; null: none says so.")
    first_shard: int
    last_shard: int
    state: State
    connected: bool = Field(description="Listening now: connected to the broker and not behind.")
    listening_since: Time | None
    beat_at: Time


class SelfTest(Document):
    """The newest call of the test lift through the whole chain."""

    at: Time
    passed: bool
    took_s: float | None = Field(
        description="From its press of the button to its word that help is announced; null: never."
    )


class Trouble(Document):
    """A part that is ill, of which people are told."""

    part: str
    detail: str = Field(description="In words, for people.")
    since: Time
    paged_at: Time | None = Field(description="When people were last told; null: not yet.")


class Objective(Document):
    """How the platform stands to what it promises itself (docs/observability.md)."""

    name: str
    label: str = Field(description="Of which part, stage, disk or certificate; empty: of all.")
    value: float
    unit: str = Field(description="Of value and target: s, share, days or messages.")
    target: float
    met: bool
    missed_since: Time | None
    measured_at: Time


class Account(Document):
    """The books of one stage: made = done + waiting + missing."""

    stage: str
    made: int
    done: int
    waiting: int
    missing: int


class Health(Document):
    """The whole chain: as bad as its worst part."""

    state: State
    since: Time = Field(description="Since when it is in this state, as far as seen from here.")
    checked_at: Time
    parts: list[Part]
    listeners: list[Listener]
    schema_version: int | None
    engine_cycle_age_s: float | None = Field(
        description="Seconds since the diagnostics last completed a cycle over all shards."
    )
    analysis_lag_s: float | None = Field(
        description="How far the analysis of health and use is behind the log, in seconds."
    )
    notifications_overdue: int | None
    notifications_given_up: int | None
    self_test: SelfTest | None = Field(description="Null: there was none.")
    troubles: list[Trouble] = Field(description="What the platform's own watch found ill.")
    objectives: list[Objective] = Field(description="As measured within the last minute.")
    accounts: list[Account] = Field(description="What came in, and what became of it.")
    calls_unread: int | None = Field(
        description="Calls of the last day that could not be read or belong to no registered aid."
    )

    def outline(self) -> Self:
        """Return what everybody may know: which parts are well and since when, nothing more."""
        return self.model_copy(
            update={
                "parts": [part.model_copy(update={"detail": ""}) for part in self.parts],
                "listeners": [],
                "self_test": None,
                "troubles": [],
                "objectives": [],
                "accounts": [],
                "schema_version": None,
                "engine_cycle_age_s": None,
                "analysis_lag_s": None,
                "notifications_overdue": None,
                "notifications_given_up": None,
                "calls_unread": None,
            }
        )


class HealthProblem(Problem):
    """The chain is broken: problem details, with the parts."""

    health: Health
