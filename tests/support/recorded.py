"""Any of our commands, with one addition: every message that a modem stores is written down.

``python -m tests.support.recorded FILE simulator play …``: evidence of what must arrive. A message
is written down before it is stored, and that it was stored afterwards: whoever is killed in between
has told what it was about, and its disk tells whether it came to that (``ledger.sent_of``).
"""

import json
import runpy
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gateway.outbox import Outbox
from gateway.protocol.codec import kind_of


def record(path: Path) -> None:
    """Have every outbox of this process write down what it takes in."""
    put = Outbox.put
    file = path.open("a", buffering=1)
    on_disk: dict[str, bool] = {}

    def recording_put(
        self: Outbox, messages: Iterable[Any], memory: Mapping[str, bytes] | None = None
    ) -> Any:
        outbox = self.outbox_id
        if outbox not in on_disk:
            _, _, name = self._db.execute("PRAGMA database_list").fetchone()
            on_disk[outbox] = bool(name)
        listed = list(messages)
        for seq, message in enumerate(listed, start=self.head_seq + 1):
            entry = ["put", self.device, outbox, seq, kind_of(message).value, on_disk[outbox]]
            file.write(json.dumps(entry) + "\n")
        stored = put(self, listed, memory or {})
        if listed:
            file.write(json.dumps(["kept", outbox, self.head_seq]) + "\n")
        return stored

    Outbox.put = recording_put  # type: ignore[method-assign]


if __name__ == "__main__":
    record(Path(sys.argv.pop(1)))
    module = sys.argv.pop(1)
    sys.argv[0] = module
    runpy.run_module(module, run_name="__main__")
