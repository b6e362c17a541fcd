"""Says where the desk is as soon as it is there, then stays out of the way."""

import os
import signal
import time
import urllib.request
from http import HTTPStatus
from pathlib import Path

from deploy.demo import accounts


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(address + "/v1/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == HTTPStatus.OK)
    except OSError:  # an HTTPError (503: down) is one as well
        return False


def main() -> None:
    """Wait for the desk, print its address, and wait for the end."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    address = f"http://127.0.0.1:{os.environ['LIFTWACHT_LISTEN_PORT']}"
    while not _is_up(address):
        time.sleep(0.5)
    passwords = accounts.read(Path(os.environ["DEMO_ACCOUNTS"]))
    people = "".join(
        f"    {each['login']:9} {passwords[each['login']]}   {each['name']}, {each['role']}\n"
        for each in accounts.PEOPLE
    )
    print(
        f"\n  Liftwacht is up. The service desk: {address}/\n"
        f"  Sign in as:\n{people}"
        f"  Mails to whoever is on call are kept in {os.environ['MAIL_FOLDER']}\n"
        f"  The API: {address}/v1/openapi.json   Ctrl-C ends everything.\n"
        "  Within a minute a lift will get somebody stuck.\n",
        flush=True,
    )
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
