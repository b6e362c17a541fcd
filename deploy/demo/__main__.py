"""Prepare everything the demo needs, then hand over to honcho.

All data is in one folder, ``.run`` by default: the cluster, the certificates, the broker's
configuration, and what the simulated modems keep on their disks. Running again goes on with it.
"""

import argparse
import fcntl
import os
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from honcho import command, manager
from psycopg import sql

from deploy.demo import accounts, cluster, contacts, contract, misuse, on_call, takeover

ROOT = Path(__file__).resolve().parents[2]
SEED = 2026
STOPS_WITHIN_S = 30  # on a busy machine a process may need that to finish what it has begun


def _say(text: str) -> None:
    print(f"Liftwacht: {text}", flush=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _only_one(run: Path) -> None:
    """Hold a lock for as long as any process of this demo lives."""
    handle = os.open(run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("Liftwacht: a demo is already running from this folder (or is just ending)")
    os.set_inheritable(handle, True)  # noqa: FBT003


def _python(*arguments: str, environment: dict[str, str]) -> None:
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", *arguments], check=True, cwd=ROOT, env=os.environ | environment
    )


def _first_day(run: Path) -> str:
    """Return the day on which this demo began: what its aids are told by, whenever it goes on."""
    kept = run / "first_day"
    if not kept.exists():
        kept.write_text(datetime.now(UTC).date().isoformat(), encoding="ascii")
    return kept.read_text(encoding="ascii")


def _prepare_database(run: Path, fleet: int, environment: dict[str, str]) -> None:
    """Make cluster, schema, registry and certificates; fill in the processes' addresses."""
    _say("starting the embedded PostgreSQL")
    server = cluster.start(run / "postgres")
    try:
        with psycopg.connect(cluster.url(server, "postgres", "postgres"), autocommit=True) as own:
            known = own.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [cluster.DATABASE]
            ).fetchone()
            if known is None:
                own.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(cluster.DATABASE)))
        owner = {"LIFTWACHT_DATABASE_URL": cluster.url(server, "postgres")}
        _say("bringing the schema up to date")
        _python("ingest", "migrate", environment=owner)
        _say(f"registering {fleet} aids, each with its own certificate")
        manifest = run / "fleet.jsonl"
        with manifest.open("wb") as output:
            subprocess.run(  # noqa: S603
                [
                    *(sys.executable, "-m", "simulator", "manifest"),
                    *("--size", str(fleet), "--seed", str(SEED)),
                    *("--today", _first_day(run)),
                ],
                check=True,
                cwd=ROOT,
                stdout=output,
            )
        certificates = run / "certificates"
        _python(
            *("ingest", "provision", "--manifest", str(manifest)),
            *("--certificates", str(certificates)),
            environment=owner,
        )
        _say("adding an account of each role, and names and addresses that do not exist")
        accounts.prepare(run, ROOT, owner)
        accounts.place(owner)
        on_call.prepare(owner["LIFTWACHT_DATABASE_URL"])
        misuse.prepare(owner["LIFTWACHT_DATABASE_URL"])
        contacts.prepare(manifest, ROOT, owner)
        _say("adding a year of orders, complaints and answers")
        contract.prepare(owner["LIFTWACHT_DATABASE_URL"])
        takeover.prepare(owner["LIFTWACHT_DATABASE_URL"])
        for process in ("ingest", "diagnostics", "api", "registrar"):
            role = f"liftwacht_{process}"
            environment[f"{process.upper()}_DATABASE_URL"] = cluster.url(server, role)
    finally:
        server.cleanup()


def _prepare_broker(run: Path, environment: dict[str, str]) -> None:
    """Choose mosquitto with TLS and access lists; amqtt, bare, where there is no mosquitto."""
    port = int(os.environ.get("LIFTWACHT_BROKER_PORT") or _free_port())
    platform_port = _free_port()
    certificates = run / "certificates"
    environment["BROKER_LOG"] = str(run / "broker.log")
    mosquitto = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin")
    if mosquitto is None:
        _say("no mosquitto here: the broker is amqtt, without TLS, for a look around only")
        environment |= {
            "BROKER": "python -m deploy.demo.small_broker",
            "BROKER_PORT": str(port),
            "LIFTWACHT_MQTT_URL": f"mqtt://127.0.0.1:{port}",
            "PLATFORM_MQTT_URL": f"mqtt://127.0.0.1:{port}",
            "BROKER_PID": str(run / "broker.pid"),
            "LIFTWACHT_MQTT_PROTOCOL": "3.1.1",
        }
        return
    from ingest.provisioning.broker import render_configuration  # noqa: PLC0415

    home = run / "broker"
    home.mkdir(exist_ok=True)
    configuration = home / "mosquitto.conf"
    configuration.write_text(
        render_configuration(
            port=port, platform_port=platform_port, certificates=certificates, data=home
        ),
        encoding="utf-8",
    )
    environment |= {
        "BROKER": f"{mosquitto} -c {configuration}",
        "LIFTWACHT_MQTT_URL": f"mqtts://127.0.0.1:{port}",
        "PLATFORM_MQTT_URL": f"mqtts://127.0.0.1:{platform_port}",
        "BROKER_PID": str(home / "mosquitto.pid"),
        "LIFTWACHT_MQTT_CA": str(certificates / "ca.crt"),
    }
    for process in ("ingest", "diagnostics", "registrar", "self-test"):
        name = process.upper().replace("-", "_")
        environment[f"{name}_CERT"] = str(certificates / f"{process}.crt")
        environment[f"{name}_KEY"] = str(certificates / f"{process}.key")


def _prepare_keys(run: Path, environment: dict[str, str]) -> None:
    """Have secrets in the database sealed, and tokens signed, by keys of this demo's own."""
    from api.accounts.signing import new_key as new_token_key  # noqa: PLC0415
    from diagnostics.sealing import new_key  # noqa: PLC0415

    keys = run / "secret.keys"
    if not keys.exists():
        keys.touch(mode=0o600)
        keys.write_text(new_key() + "\n", encoding="ascii")
    environment["LIFTWACHT_SECRET_KEYS"] = str(keys)
    token_keys = run / "token.pem"
    if not token_keys.exists():
        token_keys.touch(mode=0o600)
        token_keys.write_text(new_token_key(), encoding="ascii")
    environment["LIFTWACHT_TOKEN_KEYS"] = str(token_keys)


def _prepare_mail(run: Path, port: int, environment: dict[str, str]) -> None:
    """Have mails caught on this machine."""
    mail_port = _free_port()
    environment |= {
        "MAIL_PORT": str(mail_port),
        "MAIL_FOLDER": str(run / "mail"),
        "LIFTWACHT_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
        "LIFTWACHT_MAIL_FROM": f"Liftwacht <liftwacht@{accounts.MAIL_DOMAIN}>",
        "LIFTWACHT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LIFTWACHT_SERVICE_PHONE": "0800 - 00 00 00",  # nobody's
    }


def main() -> None:
    """Prepare, then hand over to honcho."""
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fleet", type=int, default=200)
    parser.add_argument("--data", type=Path, default=ROOT / ".run")
    arguments = parser.parse_args()
    run: Path = arguments.data.resolve()
    run.mkdir(mode=0o755, exist_ok=True)
    _only_one(run)
    environment = {
        "LIFTWACHT_LISTEN_PORT": str(arguments.port),
        "LIFTWACHT_LOG_LEVEL": os.environ.get("LIFTWACHT_LOG_LEVEL", "WARNING"),
        "DATABASE_DATA": str(run / "postgres"),
        "FLEET_MANIFEST": str(run / "fleet.jsonl"),
        "FLEET_CERTIFICATES": str(run / "certificates"),
        "FLEET_STATE": str(run / "fleet"),
        "FLEET_SEED": str(SEED),
        # The test lift shows every ten minutes that a call comes through.
        "LIFTWACHT_SELF_TEST_EVERY_S": "600",
        "LIFTWACHT_SELF_TEST_STATE": str(run / "self-test"),
        "DEMO_ACCOUNTS": str(run / accounts.FILE),
        # Nobody should have to enrol a telephone to look around.
        "LIFTWACHT_SECOND_FACTOR_ROLES": "",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "LIFTWACHT_LOG_FORMAT": os.environ.get("LIFTWACHT_LOG_FORMAT", "text"),
    }
    _prepare_database(run, arguments.fleet, environment)
    _prepare_broker(run, environment)
    _prepare_mail(run, arguments.port, environment)
    _prepare_keys(run, environment)
    _say("starting broker, database, ingest, diagnostics, api and the fleet")
    sys.stdout.flush()
    os.chdir(ROOT)
    os.environ.update(environment)
    manager.KILL_WAIT = STOPS_WITHIN_S
    command.main(["--procfile", "deploy/demo/Procfile", "--app-root", ".", "start"])


if __name__ == "__main__":
    main()
