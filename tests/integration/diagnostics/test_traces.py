"""From a message to the ticket and the word that goes out: one trace, told by whoever meets it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from diagnostics.engine import Engine
from diagnostics.notifications.dispatcher import Dispatcher
from diagnostics.notifications.message import Outgoing, Proof
from diagnostics.tracks import Tracks
from ingest.broker import address
from ingest.decode import decode
from ingest.line import Mqtt
from ingest.storage.pool import connect_async
from ingest.tracing import Key, Tracer, tracer
from ingest.worker import Worker
from ingest.writer import Job
from tests.support import telemetry as say
from tests.support.database import register_device


class Mute:
    """A way out that takes everything."""

    channel = "lift"

    async def send(self, message: Outgoing, now: datetime) -> Proof:
        assert message.recipient
        return {"at": now.isoformat()}

    async def close(self) -> None:
        """Nothing to give back."""


async def test_a_call_its_ticket_and_the_word_to_the_lift_are_one_trace(database: str) -> None:
    register_device(database)
    exporter = InMemorySpanExporter()
    telling = Tracer("test", exporter, at_once=True)
    now = datetime.now(UTC)
    message = decode(say.deliver(say.call(7), now, live=True))
    worker = Worker(
        source=Mqtt(address("mqtt://localhost:1")),
        database_url=database,
        now=lambda: now + timedelta(milliseconds=20),
        tracer=telling,
    )
    tracks = Tracks(telling)
    engine = Engine(database, name="e", now=lambda: now, tracks=tracks)
    async with await connect_async(database, application="test") as conn:
        outcome = await Job([message]).run(conn)
        await worker._stored([message], outcome)
        await engine._hear(conn, frozenset(range(64)))
        dispatcher = Dispatcher(
            database, Mute(), now=lambda: now, random=lambda: 0.5, tracks=tracks
        )
        assert await dispatcher.send_due(conn) == 1
    root, opened, sent = exporter.get_finished_spans()
    assert message.receipt is not None
    trace_id, span_id = Key(message.receipt.device, message.receipt.outbox, 7).ids
    assert [each.name for each in (root, opened, sent)] == [
        *("message call", "open ticket", "send lift")
    ]
    assert root.parent is None
    assert (root.context.trace_id, root.context.span_id) == (trace_id, span_id)
    assert root.end_time is not None
    assert root.start_time is not None
    assert root.end_time - root.start_time == 20_000_000
    for each in (opened, sent):
        assert each.context.trace_id == trace_id
        assert each.parent is not None
        assert each.parent.span_id == span_id
        assert each.attributes is not None
        assert each.attributes["ticket"] == 1
    assert opened.context.span_id != sent.context.span_id
    telling.close()


@contextmanager
def collector() -> Iterator[tuple[str, list[Any]]]:
    """A collector: takes OTLP over HTTP, by the protocol's own messages."""
    received: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            import gzip  # noqa: PLC0415

            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            received.append((self.path, ExportTraceServiceRequest.FromString(body)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_collector_hears_it_over_http() -> None:
    assert tracer("ingest", None) is None
    key, now = Key("sl-000001", "0" * 32, 3), datetime(2026, 11, 20, 12, tzinfo=UTC)
    with collector() as (endpoint, received):
        telling = tracer("ingest", endpoint)
        assert telling is not None
        telling.message(key, "call", now, now + timedelta(seconds=1))
        telling.step("open ticket", key, now, now, ticket=1)
        telling.close()
    ((path, request),) = received
    assert path == "/v1/traces"
    (resource,) = request.resource_spans
    names = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert names["service.name"] == "liftwacht-ingest"
    root, step = resource.scope_spans[0].spans
    assert int.from_bytes(root.trace_id) == int.from_bytes(step.trace_id) == key.ids[0]
    assert int.from_bytes(root.span_id) == int.from_bytes(step.parent_span_id) == key.ids[1]
    assert root.end_time_unix_nano - root.start_time_unix_nano == 1_000_000_000
