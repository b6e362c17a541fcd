"""Topics of MQTT as subjects of NATS, whatever stands in them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from gateway.protocol.topics import SHARD_COUNT, Kind, shard_of, topic_of
from ingest.broker import Shards
from ingest.decode import AHEAD
from ingest.jetstream.subjects import (
    LONGEST_TOPIC,
    PROBES,
    Stream,
    consumer_name,
    downward,
    filters,
    kept_in,
    place_of,
    subject_of,
    topic_below,
)
from ingest.sharing.parts import PART_COUNT, part_of, shards_of

TOPICS = st.one_of(
    st.text(min_size=1),
    st.text("abc/.*>% é+#", min_size=1).map(lambda rest: f"liftwacht/v1/{rest}"),
    st.from_regex(r"liftwacht/v1/[0-9]{2}/[a-z0-9-]{3,32}/(status|call)", fullmatch=True),
    st.integers(0, 300).map(lambda length: f"liftwacht/v1/{'é' * length}/call"),
)
TOKEN = re.compile(r"[\x21-\x7e]+")
# The servers' limit for a line that says what comes; a reply stands on it as well.
MAX_SUBJECT = 4_096 - 512


def is_under(subject: str, wanted: str) -> bool:
    """Tell whether NATS would give ``subject`` to who asked for ``wanted``."""
    if wanted.endswith(".>"):
        return subject.startswith(wanted.removesuffix(">")) and len(subject) >= len(wanted)
    return subject == wanted


def assert_valid(subject: str) -> None:
    assert len(subject) <= MAX_SUBJECT
    for token in subject.split("."):
        assert TOKEN.fullmatch(token)
        assert not {"*", ">"} & set(token)


@given(topic=TOPICS, retain=st.booleans())
def test_every_topic_comes_back_from_a_valid_subject_of_one_stream(
    topic: str, retain: bool
) -> None:
    subject = subject_of(topic, retain=retain)
    assert_valid(subject)
    place = place_of(subject)
    assert (place.topic, place.retain) == (topic[:LONGEST_TOPIC], retain)
    assert sum(is_under(subject, kept_in(stream)) for stream in Stream) == 1
    below = downward(topic)
    assert topic_below(below) == topic
    assert not any(is_under(below, kept_in(stream)) for stream in Stream)


@given(number=st.integers(0, 999_999), kind=st.sampled_from(sorted(Kind)))
def test_who_listens_to_a_part_is_given_what_its_lifts_say_and_its_own_probe_alone(
    number: int, kind: Kind
) -> None:
    device = f"sl-{number:06d}"
    topic = topic_of(device, kind)
    assert len(topic) <= LONGEST_TOPIC
    stream = Stream.URGENT if kind in AHEAD else Stream.TELEMETRY
    listening = {
        (part, each): filters(each, shards_of(part), f"{PROBES}/ingest-{shards_of(part)}")
        for part in range(PART_COUNT)
        for each in Stream
    }
    part = part_of(shard_of(device))
    probe = f"{PROBES}/ingest-{shards_of(part)}"
    for said, wanted in ((topic, (part, stream)), (probe, (part, Stream.TELEMETRY))):
        subject = subject_of(said, retain=False)
        given_to = [
            who for who, asks in listening.items() if any(is_under(subject, each) for each in asks)
        ]
        assert given_to == [wanted]


@given(text=st.text())
def test_a_consumer_has_a_name_that_is_one_token(text: str) -> None:
    assert_valid(consumer_name(text[:100]))


def test_what_names_no_shard_is_heard_by_who_has_the_first() -> None:
    for topic in ("liftwacht/v1/64/sl-000001/call", "liftwacht/v1/x/sl-000001/call", "/call"):
        (wanted,) = filters(Stream.URGENT, Shards(0, 0), "probe")
        assert is_under(subject_of(topic, retain=False), wanted)
    assert len(filters(Stream.URGENT, Shards(0, SHARD_COUNT - 1), "probe")) == SHARD_COUNT
