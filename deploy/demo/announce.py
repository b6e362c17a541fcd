"""Says where the desk is as soon as it is there, then stays out of the way."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from contextlib import suppress


def _is_up(address: str) -> bool:
    with suppress(OSError, json.JSONDecodeError):
        try:
            with urllib.request.urlopen(address + "/v1/health", timeout=2) as answer:  # noqa: S310
                return bool(json.load(answer)["status"] != "down")
        except urllib.error.HTTPError:
            return False
    return False


def main() -> None:
    """Wait for the desk, print its address, and wait for the end."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    address = f"http://127.0.0.1:{os.environ['LIFTWACHT_LISTEN_PORT']}"
    while not _is_up(address):
        time.sleep(0.5)
    print(
        f"\n  Liftwacht is up. The service desk: {address}/\n"
        f"  The API: {address}/v1/openapi.json   Ctrl-C ends everything.\n"
        "  Within a minute a lift will get somebody stuck.\n",
        flush=True,
    )
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
