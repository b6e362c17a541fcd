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
    Stage,
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


CHAIN = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
REQUEST = CHAIN.replace("CERTIFICATE", "CERTIFICATE REQUEST")


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
        "usage_in_detail": m.Usage(
            **numbered(6),
            duration_ms=41_250,
            distance_mm=4_700,
            direction=Direction.DOWN,
            start_landing=Landing.TOP,
            end_landing=Landing.BOTTOM,
            min_battery_mv=24_300,
            max_speed_mm_s=125,
            max_incline_deg=6,
            load_kg=82,
            boarding_ms=18_500,
            presses=3,
            trips=1,
            away=False,
            profile_ma=(9_900, 10_050, None, 10_400, 10_200, None, 10_100, 9_950),
        ),
        "condition": m.Condition(
            **numbered(7),
            period_ms=86_400_000,
            battery_rest_mv=25_700,
            battery_min_mv=25_300,
            battery_max_mv=28_800,
            charging_ms=9_000_000,
            mains_ms=86_000_000,
            off_charge_ms=120_000,
            seat_ms=1_800_000,
            away_ms=5_400_000,
            cell="u173z",
            temperature_min_dc=-35,
            temperature_max_dc=214,
            restarts=1,
            openings=2,
            trips=3,
            cycles=10_400,
            odometer_m=48_900,
            parameters="5f1c09",
            hardware="X-104-2231",
            signal_dbm=-97,
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
        "reply_stage": m.Reply(
            **numbered(6), command_id=COMMAND_ID, outcome="done", stage=Stage.DOWNLOADED
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
        "ack_recovery": m.Ack(outbox=OUTBOX, time_ms=TIME_MS + 150, recovery=COMMAND_ID),
        "command_call_status": m.CallStatus(**command, call_id=CALL_ID, state="help_coming"),
        "command_snapshot": m.Snapshot(**command),
        "command_self_test": m.SelfTest(**command),
        "command_identify": m.Identify(**command, duration_ms=10_000),
        "command_set_sampling": m.SetSampling(
            **command, parked_interval_ms=60_000, riding_interval_ms=100, duration_ms=3_600_000
        ),
        "command_set_certificate": m.SetCertificate(**command, chain=CHAIN),
        "command_set_settings": m.SetSettings(
            **command,
            revision=3,
            settings=m.RemoteSettings(
                parked_interval_ms=600_000,
                waiting_sample_ms=2_000,
                standing_interval_ms=30_000,
                batch_ms=5_000,
                wheels_sample_ms=5_000,
                wheels_batch_ms=60_000,
                refused_ms=2_000,
                fault_ms=5_000,
                stopped_ms=20_000,
                empty_below_ma=6_500,
                heavy_above_ma=13_500,
            ),
        ),
        "command_forget": m.Forget(**command),
        "command_update": m.Update(
            **command, version="1.2.0", size=104_857, sha256="0f" * 32, signature=bytes(range(64))
        ),
        "command_piece": m.Piece(
            **command, sha256="0f" * 32, offset=32_768, data=b"PK\x03\x04 and so on"
        ),
        "fetch": m.Fetch(device=DEVICE, sha256="0f" * 32, offset=32_768),
        "identity": m.IdentityRequest(device=DEVICE, time_ms=TIME_MS, request=REQUEST),
    }


def stored(kind: str, seq: int = 0) -> Any:
    """Return an example of a kind that an outbox keeps."""
    return {
        "status": m.Status(**numbered(seq), samples=(SAMPLE,)),
        "fault": examples()["fault"],
        "usage": examples()["usage"],
        "condition": examples()["condition"],
        "call": examples()["call"],
        "reply": examples()["reply"],
    }[kind]


STORED_KINDS = ("status", "fault", "usage", "condition", "call", "reply")


def any_message() -> st.SearchStrategy[m.Message]:
    """Return valid messages of every type with any values their bounds allow."""
    types = (
        *(m.Status, m.FaultEdge, m.Usage, m.Condition, m.Call, m.Reply, m.Presence, m.Ack),
        *(m.Fetch, *COMMANDS),
    )
    return st.one_of([_of(type_) for type_ in types])


COMMANDS = (
    *(m.CallStatus, m.Snapshot, m.SelfTest, m.Identify, m.SetSampling),
    *(m.Update, m.Piece),
)


def _of(type_: type) -> st.SearchStrategy[Any]:
    names = st.from_regex(r"\A[a-z0-9][a-z0-9-]{1,20}[a-z0-9]\Z")
    hexes = st.text("0123456789abcdef", min_size=32, max_size=32)
    times = st.integers(0, 2**53)
    codes = st.from_regex(r"\A[a-z0-9_]{1,48}\Z")
    optional = st.none
    counts = st.integers(0, 10_000)
    periods = optional() | st.integers(0, 31 * 86_400_000)
    voltages = optional() | st.integers(0, 100_000)
    currents = optional() | st.integers(-200_000, 200_000)
    temperatures = optional() | st.integers(-600, 1_500)
    counters = optional() | st.integers(0, 2**31 - 1)
    samples = st.builds(
        m.Sample,
        offset_ms=st.integers(0, 86_400_000),
        position_mm=optional() | st.integers(-10_000, 1_000_000),
        speed_mm_s=optional() | st.integers(-10_000, 10_000),
        current_ma=currents,
        battery_mv=voltages,
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
        "mean_current_ma": currents,
        "peak_current_ma": currents,
        "load_class": st.sampled_from(LoadClass),
        "seat": st.sampled_from(Seat),
        "stage": st.sampled_from(["", *Stage]),
        "version": st.just("1.2.0"),
        "size": st.integers(1, m.MAX_PACKAGE_BYTES),
        "sha256": st.text("0123456789abcdef", min_size=64, max_size=64),
        "signature": st.binary(min_size=64, max_size=64),
        "offset": st.integers(0, m.MAX_PACKAGE_BYTES),
        "data": st.binary(max_size=1_000),
        "stops": counts,
        "battery_before_mv": voltages,
        "battery_after_mv": voltages,
        "min_battery_mv": voltages,
        "max_speed_mm_s": optional() | st.integers(-10_000, 10_000),
        "max_incline_deg": optional() | st.integers(0, 90),
        "load_kg": optional() | st.integers(0, 1_000),
        "boarding_ms": optional() | st.integers(0, 86_400_000),
        "presses": optional() | counts,
        "trips": counts if type_ is m.Condition else optional() | counts,
        "away": optional() | st.booleans(),
        "profile_ma": st.lists(currents, max_size=m.PROFILE_PARTS).map(tuple),
        "period_ms": st.integers(1, 31 * 86_400_000),
        "battery_rest_mv": voltages,
        "battery_min_mv": voltages,
        "battery_max_mv": voltages,
        "charging_ms": periods,
        "mains_ms": periods,
        "off_charge_ms": periods,
        "seat_ms": periods,
        "away_ms": periods,
        "cell": optional() | st.from_regex(r"\A[0-9a-z]{1,5}\Z"),
        "temperature_min_dc": temperatures,
        "temperature_max_dc": temperatures,
        "restarts": counts,
        "openings": counts,
        "cycles": counters,
        "odometer_m": counters,
        "parameters": st.text(max_size=32),
        "hardware": st.text(max_size=32),
        "signal_dbm": optional() | st.integers(-200, 0),
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
        "seqs": st.lists(st.integers(1, 2**53), max_size=20).map(tuple),
        "recovery": st.none() | hexes,
        "expires_ms": times,
        "state": st.sampled_from(["help_coming", "answered", "released"]),
        "chain": st.text(max_size=2_000),
        "request": st.text(max_size=2_000),
        "revision": st.integers(1, 2**31 - 1),
        "settings": st.builds(
            m.RemoteSettings, stopped_ms=optional() | st.integers(15_000, 60_000)
        ),
        "parked_interval_ms": st.integers(1_000, 86_400_000),
        "riding_interval_ms": st.integers(50, 500),
    }
    return st.builds(type_, **{field.name: fields[field.name] for field in structs.fields(type_)})
