"""Messages as the watch makes them: without device, outbox and number, which the outbox gives."""

from typing import Any, Final

UNNUMBERED: Final[dict[str, Any]] = {"device": "", "outbox": "", "seq": 0}
