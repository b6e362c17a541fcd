"""The configuration file."""

from pathlib import Path

import pytest

from gateway.config import ConfigError, load
from gateway.protocol.codec import Encoding
from gateway.protocol.vocabulary import AidKind

GOOD = """
device = "sl-000001"
controller = "unix:/run/lift.sock"
outbox = "data/outbox.db"
encoding = "application/json"
[link]
host = "mqtt.example.nl"
port = 8883
[link.tls]
ca = "ca.crt"
certificate = "/etc/modem.crt"
key = "modem.key"
[watch]
kind = "wheelchair"
[watch.wheels]
stranded_ms = 45000
[watch.emergency]
stopped_ms = 20000
[bounds]
max_rows = 500
"""


def test_reads_and_finds_files_beside_itself(tmp_path: Path) -> None:
    (tmp_path / "modem.toml").write_text(GOOD)
    config = load(tmp_path / "modem.toml")
    assert config.outbox == tmp_path / "data" / "outbox.db"
    assert config.encoding is Encoding.JSON
    assert config.link.tls is not None
    assert config.link.tls.ca == tmp_path / "ca.crt"
    assert config.link.tls.certificate == Path("/etc/modem.crt")
    assert config.watch.kind is AidKind.WHEELCHAIR
    assert config.watch.wheels.stranded_ms == 45_000
    assert config.watch.emergency.stopped_ms == 20_000
    assert config.watch.emergency.refused_ms == 2_000
    assert config.bounds.max_rows == 500


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('device = "sl-000001"', 'device = "SL 1"', "device"),
        ('device = "sl-000001"', "", "device"),
        ("stopped_ms = 20000", "stopped_ms = 0", "watch.emergency.stopped_ms"),
        ("stopped_ms = 20000", "stoped_ms = 1", "stoped_ms"),
        ("port = 8883", "port = true", "link.port"),
        ('ca = "ca.crt"', "ca = 3", "link.tls.ca"),
        ("[link]", "[link", "TOML"),
    ],
)
def test_says_what_is_wrong_and_where(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    path = tmp_path / "modem.toml"
    path.write_text(GOOD.replace(before, after))
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(path) in str(caught.value)
    if complaint != "TOML":
        assert complaint in str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        load(tmp_path / "nowhere.toml")
