"""Settings that came from afar, over those of the configuration file. Pure."""

from typing import Final

from msgspec import Struct, structs

from gateway.protocol.messages import RemoteSettings
from gateway.watch import WatchSettings

# Which part of the watch's settings a remote setting belongs to.
_PARTS: Final = {
    "sampling": (
        "parked_interval_ms",
        "waiting_sample_ms",
        "standing_interval_ms",
        "batch_ms",
        "wheels_sample_ms",
        "wheels_batch_ms",
    ),
    "emergency": ("refused_ms", "fault_ms", "stopped_ms"),
    "ride": ("empty_below_ma", "heavy_above_ma"),
}


class Applied(Struct, frozen=True):
    """What was last set from afar; kept on the modem's disk.

    Attributes:
        revision: of the settings; only a higher one replaces them.
        settings: what holds.
        before: what to go back to, while they have not shown that they leave the line alone.
        command_id: what set them, while they are on trial.
    """

    revision: int = 0
    settings: RemoteSettings = RemoteSettings()
    before: RemoteSettings | None = None
    command_id: str = ""


def with_remote(watch: WatchSettings, remote: RemoteSettings) -> WatchSettings:
    """Return ``watch`` with all that ``remote`` sets."""
    for part, names in _PARTS.items():
        wanted = {name: value for name in names if (value := getattr(remote, name)) is not None}
        if wanted:
            changed = structs.replace(getattr(watch, part), **wanted)
            watch = structs.replace(watch, **{part: changed})
    return watch
