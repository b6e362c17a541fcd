"""Everything that passes on and sends, put together from the settings."""

import random
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from diagnostics.notifications.alarm_centre import AlarmCentreSender
from diagnostics.notifications.bell import Bell
from diagnostics.notifications.channel import PERSON, WEBHOOK
from diagnostics.notifications.dispatcher import Dispatcher
from diagnostics.notifications.distribution import Distributor
from diagnostics.notifications.lift import LiftSender
from diagnostics.notifications.link_tests import LinkTests
from diagnostics.notifications.mail import MailSender, MailServer, mail_server
from diagnostics.notifications.message import Sender
from diagnostics.notifications.messenger import MessengerSender
from diagnostics.notifications.push import PushSender
from diagnostics.notifications.webhook import WebhookSender
from diagnostics.sealing import keyring
from diagnostics.settings import DiagnosticsSettings
from diagnostics.tracks import Tracks
from ingest.broker import address


class Part(Protocol):
    """Something that runs until it is cancelled."""

    async def run(self) -> None:
        """Run until cancelled."""


def parts(
    settings: DiagnosticsSettings, *, now: Callable[[], datetime], tracks: Tracks | None = None
) -> list[Part]:
    """Return all that has to run.

    Raises:
        ValueError: a setting is not what it should be.
    """
    url, bell = settings.database_url, Bell(settings.database_url, now=now)
    dispatchers = [
        Dispatcher(
            *(url, sender),
            now=now,
            random=random.random,
            wake=bell.hung_up(sender.channel),
            tracks=tracks,
        )
        for sender in _senders(settings)
    ]
    distributor = Distributor(url, now=now, wake=bell.hung_up(PERSON, WEBHOOK))
    return [bell, distributor, LinkTests(url, now=now, random=secrets.randbelow), *dispatchers]


def _senders(settings: DiagnosticsSettings) -> list[Sender]:
    broker = address(
        settings.mqtt_url,
        ca=settings.mqtt_ca,
        certificate=settings.mqtt_cert,
        key=settings.mqtt_key,
    )
    contact = settings.mail_from.rpartition("<")[2].strip("> ")
    return [
        LiftSender(broker, version=settings.mqtt_protocol),
        MailSender(
            _mail_server(settings), sender=settings.mail_from, public_url=settings.public_url
        ),
        PushSender(settings.push_key, contact=contact, public_url=settings.public_url),
        MessengerSender(public_url=settings.public_url),
        WebhookSender(source=settings.event_source, keys=keyring(settings.secret_keys)),
        AlarmCentreSender(random=secrets.randbelow),
    ]


def _mail_server(settings: DiagnosticsSettings) -> MailServer | None:
    if not settings.smtp_url:
        return None
    file = settings.smtp_password_file
    try:
        password = None if file is None else file.read_text(encoding="utf-8").strip()
        return mail_server(settings.smtp_url, password=password)
    except OSError as error:
        raise ValueError(f"LIFTWACHT_SMTP_PASSWORD_FILE: {error}") from error
    except ValueError as error:
        raise ValueError(f"LIFTWACHT_SMTP_URL: {error}") from error
