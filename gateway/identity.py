"""The modem's own key and certificate, in one file, and how it gets another pair.

The key is made here and never leaves; ``gateway.openssl`` makes keys and requests.

Key and certificate are one file (PEM), so that one rename takes another pair into use; the one
before stays beside it until the new one has shown that the broker takes it.
"""

import ssl
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from gateway.openssl import OpensslError, openssl, sync, write_private

# The command wants a configuration, and what stands on the modem may be anything.
_CONFIGURATION: Final = b"[req]\ndistinguished_name=dn\n[dn]\n"


class IdentityError(Exception):
    """A key or certificate cannot be made, read or used. The text never has a key in it."""


class Validity(NamedTuple):
    """Seconds since 1970: from when a certificate is good, and until when."""

    begins_s: int
    ends_s: int

    @property
    def renew_s(self) -> int:
        """From when on another is to be asked for: at half of its life."""
        return (self.begins_s + self.ends_s) // 2


class IdentityFile:
    """Key and certificate of one modem.

    Args:
        path: where they are, or will be. Beside it: ``.next`` while another is asked for,
            ``.before`` until it has shown that it works.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._next_key = path.with_name(path.name + ".next")
        self._before = path.with_name(path.name + ".before")

    @property
    def on_trial(self) -> bool:
        """Whether the present pair has not yet shown that it works."""
        return self._before.exists()

    def request(self, device: str) -> str:
        """Return a request for a certificate (PKCS #10, PEM), for a key that is made if need be.

        Asked again before the answer came, it is for the same key.

        Raises:
            IdentityError: the command is not there, or fails; the disk cannot be written.
        """
        try:
            if not self._next_key.exists():
                key = openssl(
                    *("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
                )
                write_private(self._next_key, key)
            request = openssl(
                *("req", "-new", "-batch", "-config", "/dev/stdin", "-sha256"),
                *("-key", str(self._next_key), "-subj", f"/CN={device}"),
                stdin=_CONFIGURATION,
            )
        except (OSError, OpensslError) as error:
            raise IdentityError(f"no key can be made: {error}") from error
        return request.decode("ascii")

    def install(self, chain: str) -> None:
        """Take ``chain`` into use, if it belongs to the key that was asked for.

        Raises:
            IdentityError: nothing was asked for, or it belongs to another key. Nothing changed.
        """
        fresh = self.path.with_name(self.path.name + ".new")
        try:
            write_private(fresh, self._next_key.read_bytes() + chain.encode("ascii"))
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(fresh)
            if self.path.exists():
                write_private(self._before, self.path.read_bytes())
            fresh.replace(self.path)
            self._next_key.unlink()
            sync(self.path.parent)
        except (OSError, UnicodeEncodeError) as error:  # also ssl.SSLError
            with suppress(OSError):
                fresh.unlink()
            why = "not for the key that was asked for" if isinstance(error, ssl.SSLError) else error
            raise IdentityError(f"the certificate cannot be used: {why}") from error

    def confirm(self) -> None:
        """Forget the pair before: the present one works."""
        self._before.unlink(missing_ok=True)

    def go_back(self) -> bool:
        """Take the pair before into use again; False if there is none."""
        if not self._before.exists():
            return False
        self._before.replace(self.path)
        sync(self.path.parent)
        return True

    def validity(self) -> Validity:
        """Return from when until when the present certificate is good.

        Raises:
            IdentityError: there is none that can be read.
        """
        try:
            dates = openssl("x509", "-in", str(self.path), "-noout", "-dates").decode()
            found = dict(line.split("=", 1) for line in dates.split("\n") if "=" in line)
            begins, ends = found["notBefore"], found["notAfter"]
            return Validity(ssl.cert_time_to_seconds(begins), ssl.cert_time_to_seconds(ends))
        except (OSError, OpensslError, ValueError, KeyError) as error:
            raise IdentityError(f"the certificate cannot be read: {error}") from error

    def forget(self) -> None:
        """Have no identity any more."""
        for path in (self.path, self._next_key, self._before):
            path.unlink(missing_ok=True)
