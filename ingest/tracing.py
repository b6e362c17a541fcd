"""Traces from a message to its ticket and to who is told: off unless there is a collector.

Nothing travels with the message: everybody who meets it works out the same trace from the aid, its
outbox and the number in it. So what ingest, engine and notifications tell of it is one trace,
whoever speaks first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final, NamedTuple

_MISSING: Final = "LIFTWACHT_OTLP_ENDPOINT: needs the extra 'tracing'"
_Ids = tuple[int, int]
_ROOT: ContextVar[_Ids | None] = ContextVar("liftwacht_root_span", default=None)


class Key(NamedTuple):
    """A message: of which aid, from which of its outboxes, and its number there."""

    device: str
    outbox: str
    seq: int

    @property
    def ids(self) -> _Ids:
        """The trace of the message, and the span that the message itself is."""
        digest = blake2b(
            f"{self.device}/{self.outbox}/{self.seq}".encode(), digest_size=24
        ).digest()
        return int.from_bytes(digest[:16]), int.from_bytes(digest[16:])


class Tracer:
    """Tells of messages, and of steps that were taken because of them.

    Args:
        process: who tells it.
        exporter: where to, of OpenTelemetry.
        at_once: whether each span is sent by itself: for tests.
    """

    def __init__(self, process: str, exporter: Any, *, at_once: bool = False) -> None:
        from opentelemetry import trace  # noqa: PLC0415 - loaded by who has a collector
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import (  # noqa: PLC0415
            BatchSpanProcessor,
            SimpleSpanProcessor,
        )

        self._trace = trace
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": f"liftwacht-{process}"}),
            id_generator=_ids_of(),
            shutdown_on_exit=False,
        )
        processor = SimpleSpanProcessor if at_once else BatchSpanProcessor
        self._provider.add_span_processor(processor(exporter))
        self._tracer = self._provider.get_tracer("liftwacht")

    def message(self, key: Key, kind: str, received_at: datetime, stored_at: datetime) -> None:
        """Tell that a message was received and stored: the root of its trace."""
        with _as(key.ids):
            span = self._tracer.start_span(
                f"message {kind}",
                context=self._trace.set_span_in_context(self._trace.INVALID_SPAN),
                kind=self._trace.SpanKind.CONSUMER,
                attributes={"device": key.device, "seq": key.seq, "kind": kind},
                start_time=_ns(received_at),
            )
        span.end(_ns(stored_at))

    def step(
        self, name: str, key: Key, began_at: datetime, ended_at: datetime, **attributes: Any
    ) -> None:
        """Tell of a step that was taken because of a message."""
        trace = self._trace
        trace_id, span_id = key.ids
        root = trace.SpanContext(
            trace_id,
            span_id,
            is_remote=True,
            trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED),
        )
        span = self._tracer.start_span(
            name,
            context=trace.set_span_in_context(trace.NonRecordingSpan(root)),
            attributes={"device": key.device, **attributes},
            start_time=_ns(began_at),
        )
        span.end(_ns(ended_at))

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def tracer(process: str, endpoint: str | None) -> Tracer | None:
    """Return who tells the collector at ``endpoint``, if there is one.

    Raises:
        ValueError: the libraries are not installed.
    """
    if endpoint is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
    except ModuleNotFoundError as error:
        raise ValueError(_MISSING) from error
    return Tracer(process, OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))


def _ids_of() -> Any:
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

    class Ids(RandomIdGenerator):
        """The message's own for its root, random ones for the rest."""

        def generate_trace_id(self) -> int:
            root = _ROOT.get()
            return super().generate_trace_id() if root is None else root[0]

        def generate_span_id(self) -> int:
            root = _ROOT.get()
            return super().generate_span_id() if root is None else root[1]

    return Ids()


@contextmanager
def _as(ids: _Ids) -> Iterator[None]:
    token = _ROOT.set(ids)
    try:
        yield
    finally:
        _ROOT.reset(token)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _ns(moment: datetime) -> int:
    delta = moment - _EPOCH
    return ((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1_000
