"""The second factor: codes of an app on a telephone (RFC 6238), and codes on paper for without."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

import pyotp

from api.accounts.passwords import ALPHABET
from api.queries import Connection, row
from diagnostics.queries import load
from diagnostics.sealing import Keyring

QUERIES = load("api.accounts", "second_factor.sql")
_STEP_S: Final = 30
_DRIFT: Final = 1  # steps that a telephone's clock may be off, either way
_RECOVERY_CODES: Final = 10


def step_of(code: str, secret: str, *, now: datetime, last_step: int) -> int | None:
    """Return the time step for which ``code`` is right; None if it is wrong or was used before."""
    totp = pyotp.TOTP(secret, interval=_STEP_S)
    current = int(now.timestamp()) // _STEP_S
    found = None
    # All are compared: how long it takes says nothing.
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        if compare_digest(totp.generate_otp(step), code) and step > last_step:
            found = step
    return found


def picture(secret: str, login: str) -> str:
    """Return what an app scans, as SVG to stand in a page."""
    import segno  # noqa: PLC0415 - only who sets a second factor up needs it

    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Liftwacht")
    code = segno.make(address, error="m")
    # Black on white in the dark too: cameras need the contrast.
    return code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=False)


async def secret_to_set_up(connection: Connection, account_id: int, keys: Keyring) -> str | None:
    """Return the secret to be confirmed, a new one if need be; None if one is confirmed already."""
    new = keys.seal(pyotp.random_base32())
    found = await row(connection, QUERIES["prepare"], {"account_id": account_id, "secret": new})
    return None if found is None else keys.open(found["secret"])


async def confirm(
    connection: Connection, account_id: int, code: str, *, keys: Keyring, now: datetime
) -> Sequence[str] | None:
    """Confirm the secret by a first code; return the recovery codes, None if the code is wrong."""
    found = await row(connection, QUERIES["factor"], {"account_id": account_id})
    if found is None or found["confirmed_at"] is not None:
        return None
    secret = keys.open(found["secret"])
    step = step_of(_digits(code), secret, now=now, last_step=found["last_step"])
    if step is None:
        return None
    await connection.execute(
        QUERIES["confirm"], {"account_id": account_id, "step": step, "now": now}
    )
    codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
    await connection.execute(
        QUERIES["keep_codes"],
        {"account_id": account_id, "hashes": [_digest(account_id, each) for each in codes]},
    )
    return codes


async def passes(
    connection: Connection, account_id: int, code: str, *, keys: Keyring, now: datetime
) -> bool:
    """Tell whether ``code`` is right, of the app or of the paper, and use it up."""
    found = await row(connection, QUERIES["factor"], {"account_id": account_id})
    if found is None or found["confirmed_at"] is None:
        return False
    secret = keys.open(found["secret"])
    step = step_of(_digits(code), secret, now=now, last_step=found["last_step"])
    used: dict[str, Any]
    if step is not None:
        statement, used = QUERIES["use_step"], {"step": step}
    else:
        statement = QUERIES["use_code"]
        used = {"hash": _digest(account_id, code.strip().lower())}
    # Of two at once, one finds it used.
    return await row(connection, statement, used | {"account_id": account_id}) is not None


async def remove(connection: Connection, account_id: int) -> None:
    """Forget the second factor of somebody who lost it."""
    await connection.execute(QUERIES["forget_codes"], {"account_id": account_id})
    await connection.execute(QUERIES["forget"], {"account_id": account_id})


def _digits(code: str) -> str:
    return "".join(each for each in code if each in "0123456789")


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _digest(account_id: int, code: str) -> bytes:
    return hashlib.sha256(f"{account_id} {code}".encode()).digest()
