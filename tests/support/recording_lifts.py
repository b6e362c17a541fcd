"""The simulator's commands, with one addition: every message that a modem stores is written down.

``python -m tests.support.recording_lifts FILE play …``: one line for each numbered message, as
evidence of what must arrive.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gateway.outbox import Outbox
from gateway.protocol.codec import kind_of
from simulator.__main__ import main


def record(path: Path) -> None:
    """Have every outbox of this process write down what it takes in."""
    put = Outbox.put
    file = path.open("a", buffering=1)

    def recording_put(
        self: Outbox, messages: Iterable[Any], memory: Mapping[str, bytes] | None = None
    ) -> Any:
        stored = put(self, messages, memory or {})
        for message in stored:
            entry = [message.device, message.outbox, message.seq, kind_of(message).value]
            file.write(json.dumps(entry) + "\n")
        return stored

    Outbox.put = recording_put  # type: ignore[method-assign]


if __name__ == "__main__":
    record(Path(sys.argv.pop(1)))
    sys.exit(main())
