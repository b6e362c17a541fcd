"""Of what traces are told when a batch is stored."""

from datetime import UTC, datetime

from gateway.protocol.messages import Message
from ingest.decode import admit
from ingest.worker import FAULTS_TOLD, told
from tests.support import telemetry as say

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_storm_of_faults_is_told_of_in_part_and_every_call_in_full() -> None:
    faults = [say.fault(seq) for seq in range(1, 3 * FAULTS_TOLD)]
    calls = [say.call(1_000 + seq) for seq in range(FAULTS_TOLD + 1)]
    messages: list[Message] = [say.status(1), *faults, *calls, say.usage(9)]
    batch = [admit(say.deliver(message, NOW)) for message in messages]
    seqs = [receipt.seq for _, receipt in told(batch)]
    assert seqs == [*range(1, FAULTS_TOLD + 1), *(call.seq for call in calls)]
