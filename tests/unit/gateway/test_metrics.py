"""What a process counts, as Prometheus reads it: over a real socket, by its own parser."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.metrics import Exposition, Family, Tally, counter, gauge, tally


def test_figures_are_told_as_they_stand() -> None:
    took, received = Tally((0.1, 1.0)), [0]

    def figures() -> Iterator[Family]:
        yield counter("received", "Messages.", received[0])
        yield gauge("waiting", "Of them waiting.", 2)
        yield tally("took_seconds", "How long.", took, {"lane": "a"})
        yield Family("empty", "Nothing yet.", [])

    exposition = Exposition("127.0.0.1:0", process="test", sources=[figures])
    try:
        for took_s in (0.05, 0.1, 0.5, 7):
            took.add(took_s)
        received[0] = 4
        answer = httpx.get(f"http://127.0.0.1:{exposition.port}/metrics")
    finally:
        exposition.close()
    assert answer.status_code == 200
    found = {
        (sample.name, sample.labels.get("le")): sample
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["liftwacht_received_total", None].value == 4
    assert found["liftwacht_waiting", None].value == 2
    assert found["liftwacht_process_info", None].labels == {"name": "test"}
    buckets = {
        le: sample.value
        for (name, le), sample in found.items()
        if name == "liftwacht_took_seconds_bucket"
    }
    assert buckets == {"0.1": 2, "1": 3, "+Inf": 4}
    assert found["liftwacht_took_seconds_sum", None].value == pytest.approx(7.65)
    assert ("process_resident_memory_bytes", None) in found


def test_a_wrong_address_is_told() -> None:
    with pytest.raises(ValueError, match="host:port"):
        Exposition("9101x", process="test", sources=[])
