"""Messages to test with: one valid example of each kind, and strategies for any."""

from typing import Any

from hypothesis import strategies as st
from msgspec import structs

from gateway.protocol import messages as m
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Contacts,
    Demand,
    Direction,
    Edge,
    Landing,
    LoadClass,
    Mode,
    Seat,
    Signals,
)

DEVICE = "sl-000001"
OUTBOX = "0123456789abcdef0123456789abcdef"
CALL_ID = "00112233445566778899aabbccddeeff"
COMMAND_ID = "ffeeddccbbaa99887766554433221100"
TIME_MS = 1_795_000_000_000
SAMPLE = m.Sample(
    offset_ms=0,
    position_mm=1_200,
    speed_mm_s=0,
    current_ma=350,
    battery_mv=25_100,
    seat=Seat.OCCUPIED,
    demand=Demand.UP,
    mode=Mode.NORMAL,
    landing=Landing.BETWEEN,
    contacts=int(Contacts.FOOTREST_UP),
    signals=int(Signals.MAINS | Signals.REFUSED),
    fault="footrest_up_edge",
)
_RIDING = m.Sample(
    250, 1_230, 120, 9_800, 24_800, Seat.OCCUPIED, Demand.UP, Mode.NORMAL, Landing(1)
)


def numbered(seq: int) -> dict[str, Any]:
    """Return the fields that every stored message has."""
    return {"device": DEVICE, "outbox": OUTBOX, "seq": seq, "time_ms": TIME_MS}


def examples() -> dict[str, m.Message]:
    """Return one message of every type, with every field set, by name."""
    command: dict[str, Any] = {"command_id": COMMAND_ID, "expires_ms": TIME_MS + 60_000}
    return {
        "status": m.Status(**numbered(1), samples=(SAMPLE, _RIDING)),
        "fault": m.FaultEdge(
            **numbered(2), code="footrest_up_edge", edge=Edge.RAISED, sample=SAMPLE, maker_code="7"
        ),
        "usage": m.Usage(
            **numbered(3),
            duration_ms=41_250,
            distance_mm=4_700,
            direction=Direction.UP,
            start_landing=Landing.BOTTOM,
            end_landing=Landing.TOP,
            mean_current_ma=10_150,
            peak_current_ma=14_300,
            load_class=LoadClass.NORMAL,
            seat=Seat.OCCUPIED,
            stops=1,
            battery_before_mv=26_400,
            battery_after_mv=25_900,
        ),
        "call": m.Call(
            **numbered(4),
            call_id=CALL_ID,
            reason=CallReason.REFUSED,
            phase=CallPhase.REPEATED,
            since_ms=TIME_MS - 2_000,
            sample=SAMPLE,
            attempt=2,
        ),
        "reply": m.Reply(
            **numbered(5), command_id=COMMAND_ID, outcome="refused", detail="unknown command"
        ),
        "presence": m.Presence(
            device=DEVICE,
            session=12,
            online=True,
            time_ms=TIME_MS,
            reason="connected",
            outbox=OUTBOX,
            head_seq=5,
            sample=SAMPLE,
            call_id=CALL_ID,
            firmware="0.1.0",
        ),
        "presence_will": m.Presence(
            device=DEVICE, session=12, online=False, time_ms=TIME_MS, reason="lost", outbox=OUTBOX
        ),
        "ack": m.Ack(outbox=OUTBOX, seqs=(2, 3, 4), time_ms=TIME_MS + 150),
        "command_call_status": m.CallStatus(**command, call_id=CALL_ID, state="help_coming"),
        "command_snapshot": m.Snapshot(**command),
        "command_self_test": m.SelfTest(**command),
        "command_identify": m.Identify(**command, duration_ms=10_000),
        "command_set_sampling": m.SetSampling(
            **command, parked_interval_ms=60_000, riding_interval_ms=100, duration_ms=3_600_000
        ),
    }


def stored(kind: str, seq: int = 0) -> Any:
    """Return an example of a kind that an outbox keeps."""
    return {
        "status": m.Status(**numbered(seq), samples=(SAMPLE,)),
        "fault": examples()["fault"],
        "usage": examples()["usage"],
        "call": examples()["call"],
        "reply": examples()["reply"],
    }[kind]


STORED_KINDS = ("status", "fault", "usage", "call", "reply")


def any_message() -> st.SearchStrategy[m.Message]:
    """Return valid messages of every type with any values their bounds allow."""
    types = (m.Status, m.FaultEdge, m.Usage, m.Call, m.Reply, m.Presence, m.Ack, *COMMANDS)
    return st.one_of([_of(type_) for type_ in types])


COMMANDS = (m.CallStatus, m.Snapshot, m.SelfTest, m.Identify, m.SetSampling)


def _of(type_: type) -> st.SearchStrategy[Any]:
    names = st.from_regex(r"\A[a-z0-9][a-z0-9-]{1,20}[a-z0-9]\Z")
    hexes = st.text("0123456789abcdef", min_size=32, max_size=32)
    times = st.integers(0, 2**53)
    codes = st.from_regex(r"\A[a-z0-9_]{1,48}\Z")
    optional = st.none
    samples = st.builds(
        m.Sample,
        offset_ms=st.integers(0, 86_400_000),
        position_mm=optional() | st.integers(-10_000, 1_000_000),
        speed_mm_s=optional() | st.integers(-10_000, 10_000),
        current_ma=optional() | st.integers(-200_000, 200_000),
        battery_mv=optional() | st.integers(0, 100_000),
        seat=st.sampled_from(Seat),
        demand=st.sampled_from(Demand),
        mode=st.sampled_from(Mode),
        landing=st.sampled_from(Landing),
        contacts=st.integers(0, 2**31 - 1),
        signals=st.integers(0, 2**31 - 1),
        fault=optional() | codes,
    )
    fields: dict[str, st.SearchStrategy[Any]] = {
        "device": names,
        "outbox": optional() | hexes if type_ is m.Presence else hexes,
        "seq": st.integers(1, 2**53),
        "time_ms": times,
        "samples": st.lists(samples, min_size=1, max_size=5).map(tuple),
        "sample": optional() | samples if type_ is m.Presence else samples,
        "code": codes,
        "edge": st.sampled_from(Edge),
        "maker_code": st.text(max_size=32),
        "duration_ms": st.integers(100, 60_000),
        "distance_mm": st.integers(0, 10_000_000),
        "direction": st.sampled_from(Direction),
        "start_landing": st.sampled_from(Landing),
        "end_landing": st.sampled_from(Landing),
        "mean_current_ma": optional() | st.integers(-200_000, 200_000),
        "peak_current_ma": optional() | st.integers(-200_000, 200_000),
        "load_class": st.sampled_from(LoadClass),
        "seat": st.sampled_from(Seat),
        "stops": st.integers(0, 10_000),
        "battery_before_mv": optional() | st.integers(0, 100_000),
        "battery_after_mv": optional() | st.integers(0, 100_000),
        "call_id": optional() | hexes if type_ is m.Presence else hexes,
        "reason": (
            st.sampled_from(["connected", "clock", "lost", "shutdown"])
            if type_ is m.Presence
            else st.sampled_from(CallReason)
        ),
        "phase": st.sampled_from(CallPhase),
        "since_ms": times,
        "attempt": st.integers(1, 100_000),
        "command_id": hexes,
        "outcome": st.sampled_from(["done", "refused", "expired"]),
        "detail": st.text(max_size=200),
        "session": st.integers(1, 2**53),
        "online": st.booleans(),
        "head_seq": st.integers(0, 2**53),
        "firmware": st.text(max_size=32),
        "seqs": st.lists(st.integers(1, 2**53), min_size=1, max_size=20).map(tuple),
        "expires_ms": times,
        "state": st.sampled_from(["help_coming", "answered", "released"]),
        "parked_interval_ms": st.integers(1_000, 86_400_000),
        "riding_interval_ms": st.integers(50, 500),
    }
    return st.builds(type_, **{field.name: fields[field.name] for field in structs.fields(type_)})
