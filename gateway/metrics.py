"""What a process counts, for Prometheus: kept as plain numbers, put into its format when asked.

Counting costs an addition, whether anybody asks or not; the library is loaded by a process that was
told where to listen, and by no other. A modem counts nothing.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, Literal, Protocol, runtime_checkable

from msgspec import Struct

Kind = Literal["counter", "gauge"]
Labels = Mapping[str, str]

# From what ingest needs for a batch to what a person waits for.
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_PREFIX: Final = "liftwacht_"


class Tally:
    """How long something took, each time: a histogram. Times are in seconds."""

    __slots__ = ("bounds", "counts", "sum_s")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        self.sum_s = 0.0

    def add(self, took_s: float) -> None:
        """Take note of one."""
        self.counts[bisect_left(self.bounds, took_s)] += 1
        self.sum_s += took_s


class Family(Struct, frozen=True):
    """One figure, under each of its labels.

    Attributes:
        name: with its unit, without the platform's prefix; a counter's without ``_total``.
        doc: what it is.
        values: by their labels: numbers, or tallies.
        kind: of numbers: whether they only grow.
    """

    name: str
    doc: str
    values: Sequence[tuple[Labels, float | Tally]]
    kind: Kind = "gauge"


Source = Callable[[], Iterable[Family]]


@runtime_checkable
class Telling(Protocol):
    """A part that counts what it does."""

    def figures(self) -> Iterable[Family]:
        """Return what there is to tell; from any thread."""


def counter(name: str, doc: str, value: float, labels: Labels | None = None) -> Family:
    """Return a figure that only grows, of one value."""
    return Family(name, doc, [(labels or {}, value)], "counter")


def gauge(name: str, doc: str, value: float, labels: Labels | None = None) -> Family:
    """Return a figure of one value."""
    return Family(name, doc, [(labels or {}, value)])


def tally(name: str, doc: str, value: Tally, labels: Labels | None = None) -> Family:
    """Return a figure of one tally."""
    return Family(name, doc, [(labels or {}, value)])


class Exposition:
    """Answers ``/metrics`` in a thread of its own, until closed.

    Args:
        listen: where, as ``host:port``; port 0 takes a free one.
        process: what to call it.
        sources: what there is to tell.

    Raises:
        ValueError: that is no address, or the library is not installed.
        OSError: the address is taken.
    """

    def __init__(self, listen: str, *, process: str, sources: Sequence[Source]) -> None:
        try:
            from prometheus_client import (  # noqa: PLC0415 - whoever tells nothing need not load it
                CollectorRegistry,
                GCCollector,
                PlatformCollector,
                ProcessCollector,
                start_http_server,
            )
        except ModuleNotFoundError as error:
            raise ValueError("LIFTWACHT_METRICS_LISTEN: needs prometheus-client") from error
        host, _, port = listen.rpartition(":")
        if not port.isdecimal():
            raise ValueError(f"LIFTWACHT_METRICS_LISTEN: {listen!r} is not host:port")
        registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        registry.register(_Collector(process, sources))
        self._server, self._thread = start_http_server(int(port), host or "127.0.0.1", registry)
        self.port: int = self._server.server_port

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def expose(listen: str | None, *, process: str, sources: Sequence[Source]) -> Exposition | None:
    """Answer ``/metrics`` if told where."""
    return Exposition(listen, process=process, sources=sources) if listen else None


class _Collector:
    """What the library asks at each visit."""

    def __init__(self, process: str, sources: Sequence[Source]) -> None:
        self._process = process
        self._sources = sources

    def collect(self) -> Iterator[Any]:
        from prometheus_client import core  # noqa: PLC0415 - as above

        yield core.InfoMetricFamily(
            _PREFIX + "process", "Which process of Liftwacht this is.", {"name": self._process}
        )
        for source in self._sources:
            for family in source():
                yield _family(core, family)


def _family(core: Any, family: Family) -> Any:
    name, names = (
        _PREFIX + family.name,
        sorted({name for labels, _ in family.values for name in labels}),
    )
    made: Any = None
    for labels, value in family.values:
        values = [labels.get(each, "") for each in names]
        if isinstance(value, Tally):
            made = made or core.HistogramMetricFamily(name, family.doc, labels=names)
            made.add_metric(values, _buckets(value), value.sum_s)
            continue
        kinds = {"counter": core.CounterMetricFamily, "gauge": core.GaugeMetricFamily}
        made = made or kinds[family.kind](name, family.doc, labels=names)
        made.add_metric(values, value)
    return made or core.GaugeMetricFamily(name, family.doc)


def _buckets(value: Tally) -> list[tuple[str, float]]:
    bounds = [*(f"{bound:g}" for bound in value.bounds), "+Inf"]
    return list(zip(bounds, map(float, accumulate(list(value.counts))), strict=True))
