"""When what is new has shown that it works: a programme, or settings from afar. Pure."""

from typing import Literal, Protocol

from msgspec import Struct


class TrialSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long what is new is watched.

    Attributes:
        settle_s: it must have a line after so long, and the platform's word since it began.
        patience_s: after so long without that, the one before is put back.
    """

    settle_s: float = 300
    patience_s: float = 1_800


class Home(Protocol):
    """The agent, as far as it shows how what is new does."""

    @property
    def idle(self) -> bool:
        """Whether nobody rides or needs help."""

    @property
    def is_connected(self) -> bool:
        """Whether there is a line."""

    @property
    def heard_ms(self) -> int | None:
        """When the platform last confirmed something, by the monotonic clock; None: never."""


Verdict = Literal["wait", "good", "bad"]


class Trial:
    """One trial; it begins anew when the modem starts in the middle of it.

    Args:
        settings: how long.
        now_ms: when it begins, by the monotonic clock.
    """

    def __init__(self, settings: TrialSettings, now_ms: int) -> None:
        self._settings = settings
        self._began_ms = now_ms

    def verdict(self, now_ms: int, *, connected: bool, heard_ms: int | None) -> Verdict:
        """Judge.

        Args:
            now_ms: the monotonic clock.
            connected: there is a line to the broker.
            heard_ms: when the platform last confirmed something; None: never.
        """
        age_ms = now_ms - self._began_ms
        heard = heard_ms is not None and heard_ms >= self._began_ms
        if heard and connected and age_ms >= self._settings.settle_s * 1000:
            return "good"
        return "bad" if age_ms >= self._settings.patience_s * 1000 else "wait"
