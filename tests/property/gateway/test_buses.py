"""What is put on a bus comes off it again: readings in registers and in frames."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters import registers
from gateway.adapters.can import SEGMENT, Assembly, Frame, TextAssembly, frames_of, segments_of
from gateway.hal import ActiveFault, Reading
from gateway.protocol.vocabulary import (
    FAULTS,
    Contacts,
    Demand,
    Landing,
    Mode,
    Seat,
    Signals,
)

BITS = st.integers(0, 2**16 - 1)
TEXT = st.text(st.characters(codec="ascii", exclude_characters="\0"))
WIDE = st.none() | st.integers(-(2**31) + 1, 2**31 - 1)
NARROW = st.none() | st.integers(-(2**15) + 1, 2**15 - 1)


@st.composite
def readings(draw: st.DrawFn, *, any_fault: bool = False) -> Reading:
    code = st.sampled_from([*FAULTS, *(["some_new_word"] if any_fault else [])])
    fault = st.builds(ActiveFault, code, TEXT.map(lambda text: text[: 16 if not any_fault else 40]))
    return Reading(
        position_mm=draw(WIDE),
        speed_mm_s=draw(NARROW),
        current_ma=draw(WIDE),
        battery_mv=draw(WIDE),
        seat=draw(st.sampled_from(Seat)),
        demand=draw(st.sampled_from(Demand)),
        mode=draw(st.sampled_from(Mode)),
        landing=draw(st.sampled_from(Landing)),
        contacts=Contacts(draw(BITS)),
        signals=Signals(draw(BITS)),
        faults=tuple(draw(st.lists(fault, max_size=6 if not any_fault else 9))),
        load_kg=draw(NARROW),
        incline_deg=draw(NARROW),
        odometer_m=draw(WIDE),
        cycles=draw(WIDE),
        parameters=draw(TEXT)[:32],
        hardware=draw(TEXT)[:32],
        temperature_dc=draw(NARROW),
        signal_dbm=draw(NARROW),
        cell=draw(st.none() | TEXT.map(lambda text: text[:12])),
    )


@given(readings(), st.integers(0, 70_000))
def test_registers_are_the_reading(reading: Reading, life: int) -> None:
    values = registers.encode(reading, life=life)
    assert len(values) == registers.COUNT <= 125  # one Modbus request
    assert all(0 <= value <= 0xFFFF for value in values)
    assert registers.decode(values) == reading
    assert registers.life_of(values) == life % 65_536


@given(readings(any_fault=True))
def test_what_is_beyond_the_resolution_is_cut_as_stated(reading: Reading) -> None:
    carried = registers.as_carried(reading)
    assert registers.decode(registers.encode(reading)) == carried
    assert registers.as_carried(carried) == carried
    known = [fault.code for fault in reading.faults[:6]]
    told = [fault.code for fault in carried.faults]
    assert told == [code if code in FAULTS else registers.OTHER_FAULT for code in known]


@given(st.lists(st.integers(0, 0xFFFF), max_size=140))
def test_any_registers_are_a_reading_or_an_error_of_the_bus(values: list[int]) -> None:
    for head in ([], [registers.MAGIC, registers.VERSION]):
        try:
            found = registers.decode([*head, *values])
        except OSError:
            continue
        assert registers.decode(registers.encode(found)) == registers.as_carried(found)


@given(readings(), st.integers(0, 300), st.integers())
def test_frames_are_the_reading_in_any_order(reading: Reading, round_: int, seed: int) -> None:
    frames = frames_of(reading, round_=round_)
    Random(seed).shuffle(frames)  # noqa: S311 - any order will do
    assembly = Assembly()
    for frame in frames:
        assert len(frame.data) <= 8
        assembly.take(frame)
    assert assembly.reading() == reading


@given(readings(), readings(), st.integers(0, 200))
def test_segments_of_two_rounds_are_never_mixed(old: Reading, new: Reading, lost: int) -> None:
    assembly = Assembly()
    for frame in frames_of(old, round_=1):
        assembly.take(frame)
    slow = [frame for frame in frames_of(new, round_=2) if frame.function == SEGMENT]
    for place, frame in enumerate(slow):
        if place != lost % len(slow):
            assembly.take(frame)
    assert assembly.reading() == old


@given(st.sampled_from(range(0, 0x800, 0x80)), st.binary(max_size=8))
def test_any_frame_is_taken_or_left(function: int, data: bytes) -> None:
    assembly = Assembly()
    assembly.take(Frame(function, data))
    assert assembly.reading() is None
    TextAssembly().take(data)


@given(TEXT.map(lambda text: text[:128]))
def test_the_telephone_gets_the_text(text: str) -> None:
    length, *rest = values = registers.fallback_registers(text)
    assert len(values) == registers.FALLBACK_COUNT
    assert registers.fallback_of(values) == text
    assembly = TextAssembly()
    pieces = list(segments_of(registers.bytes_of(rest)[:length], length))
    heard = [assembly.take(piece) for piece in pieces]
    assert heard[-1:] == ([text] if text else [])


def test_every_word_of_the_vocabulary_has_a_number() -> None:
    assert set(registers.FAULT_CODES) == set(FAULTS), "append new words to FAULT_CODES"
