"""Puts the service together: everything that it needs is built here and passed down."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api import problems, well_known
from api.accounts import administration, elsewhere, grants, oidc, steps
from api.accounts import endpoints as accounts
from api.accounts import own as own_account
from api.accounts.coverage import require_declarations
from api.accounts.granting import Granting
from api.accounts.passwords import Passwords
from api.accounts.recognition import Recognition
from api.accounts.signing import SigningKeys
from api.billing import endpoints as billing
from api.billing import pages as billing_pages
from api.breaches import endpoints as breaches
from api.breaches import pages as breach_pages
from api.campaigns import pages as campaign_pages
from api.complaints import endpoints as complaints
from api.complaints import pages as complaint_pages
from api.contacts import endpoints as contacts
from api.contacts import erasing
from api.deliveries import endpoints as deliveries
from api.deliveries import pages as delivery_pages
from api.desk import clients, joining, lists, reporting, work
from api.desk import endpoints as desk
from api.desk.rendering import Renderer
from api.devices import endpoints as devices
from api.dispatch import endpoints as dispatch
from api.enrolments import endpoints as enrolments
from api.findings import endpoints as findings
from api.guard import SECURITY_HEADERS, Guard
from api.headers import AddHeaders
from api.health import endpoints as health
from api.health.monitor import Monitor
from api.identities import endpoints as identities
from api.identities import pages as identity_pages
from api.incidents import endpoints as incidents
from api.kpi import endpoints as indicators
from api.letters import pages as letter_pages
from api.live import endpoints as live
from api.live.broadcaster import Broadcaster
from api.live.schemas import Change, EventName
from api.logbook import endpoints as logbook
from api.logbook import pages as logbook_pages
from api.logbook import public as labels
from api.map import endpoints as maps
from api.misuse import endpoints as misuse
from api.misuse import pages as misuse_pages
from api.misuse import portal as misuse_portal
from api.notifications import centres
from api.notifications import endpoints as notifications
from api.notifications import pages as notification_pages
from api.observing import Observe, Observed
from api.openapi import API_VERSION, document
from api.orders import endpoints as orders
from api.portal import endpoints as portal
from api.portal import notices as portal_notices
from api.portal import placing as portal_placing
from api.portal import webhooks as portal_webhooks
from api.privacy import endpoints as privacy
from api.privacy import pages as privacy_pages
from api.reports import comparing
from api.reports import endpoints as reports
from api.reports.clerk import Clerk
from api.rota import endpoints as rota
from api.rota import pages as rota_pages
from api.sampling import endpoints as sampling
from api.search import endpoints as search
from api.settings import Settings
from api.subjects import endpoints as subjects
from api.subjects import pages as subject_pages
from api.survey import desk as survey_desk
from api.survey import endpoints as survey
from api.survey import pages as survey_pages
from api.takeover import pages as takeovers
from api.tickets import acting, attaching, registering
from api.tickets import endpoints as tickets
from api.visits import endpoints as visits
from api.visits import pages as visit_pages
from api.web import STATIC
from diagnostics.sealing import keyring
from gateway.metrics import Source
from ingest.storage.pool import connect_async, pool

APPLICATION = "liftwacht-api"
# Twice this, and what requests may take to finish, is less than any supervisor waits.
_LEAVE_WITHIN_S: Final = 0.5


def utc_now() -> datetime:
    """Return the present, aware."""
    return datetime.now(UTC)


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """Return the whole service as an ASGI application; it starts and stops with its lifespan."""

    async def listen() -> Any:
        return await connect_async(settings.database_url, application=f"{APPLICATION}-live")

    broadcaster = Broadcaster(listen)
    observed = Observed()
    telling: list[Source] = [observed.figures, broadcaster.figures]
    renderer = Renderer()
    passwords = Passwords()
    providers = oidc.load(settings.oidc_file) if settings.oidc_file else {}
    keys = keyring(settings.secret_keys)
    push_key = None if settings.push_key is None else _push_key(settings.push_key)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        connections = pool(
            settings.database_url, application=APPLICATION, max_size=settings.pool_size
        )
        monitor = Monitor(
            connections,
            now=now,
            live=lambda: broadcaster.connected,
            changed=lambda found: broadcaster.publish(EventName.HEALTH, Change(state=found.state)),
        )
        # Without waiting: the service says by itself that the database is not there yet.
        await connections.open(wait=False)
        await monitor.check()
        telling.append(monitor.figures)
        clerk = Clerk(connections, database_url=settings.database_url, now=now)
        parts = (broadcaster, monitor, clerk)
        tasks = [asyncio.create_task(part.run()) for part in parts]
        try:
            yield {
                "pool": connections,
                "broadcaster": broadcaster,
                "monitor": monitor,
                "renderer": renderer,
                "now": now,
                "accounts": settings,
                "passwords": passwords,
                "providers": providers,
                "push_key": push_key,
                "grafana": settings.grafana_url and settings.grafana_url.rstrip("/"),
                "keyring": keys,
                "granting": Granting(connections, SigningKeys(settings.token_keys), now),
                "recognise": Recognition(
                    connections,
                    now=now,
                    lives=settings.lives,
                    second_factor_roles=settings.second_factor_roles,
                ),
            }
        finally:
            telling.remove(monitor.figures)
            broadcaster.close()
            for task in tasks:
                task.cancel()
            # The database may have gone first: nobody waits for what it does not answer.
            ended = (await asyncio.wait(tasks, timeout=_LEAVE_WITHIN_S))[0]
            await connections.close(timeout=_LEAVE_WITHIN_S)
            for task in ended:
                if not task.cancelled():
                    task.result()  # raises if it ended by a bug

    app = FastAPI(title="Liftwacht", lifespan=lifespan, openapi_url=None)
    app.state.broadcaster = broadcaster
    app.state.figures = lambda: chain.from_iterable(source() for source in tuple(telling))
    # The last one added is the outermost.
    app.add_middleware(Guard, hosts=settings.allowed_hosts)
    app.add_middleware(AddHeaders, headers=SECURITY_HEADERS)
    app.add_middleware(Observe, observed=observed)
    of_accounts = (accounts, steps, elsewhere, own_account, administration, grants)
    of_desk = (desk, lists, work, joining, reporting, search, maps, dispatch)
    of_people = (rota_pages, identity_pages, campaign_pages, notification_pages, centres, erasing)
    of_cases = (misuse_pages, misuse_portal, logbook_pages, labels, takeovers)
    at_desk = (delivery_pages, complaint_pages, letter_pages, survey_desk, clients, billing_pages)
    of_privacy = (privacy_pages, subject_pages, breach_pages)
    for pages in (
        *of_accounts,
        *of_desk,
        *of_people,
        *of_cases,
        *at_desk,
        *of_privacy,
        visit_pages,
        portal_placing,
        portal,
        portal_notices,
        portal_webhooks,
        survey_pages,
        well_known,
    ):
        app.include_router(pages.router)
    for feature in (orders, indicators, reports, comparing, sampling):
        app.include_router(feature.pages)
    problems.install(app, desk.handle)
    app.state.interface = interface = _interface()
    headers = {"API-Version": API_VERSION, "Cache-Control": "no-store"}
    app.mount("/v1", AddHeaders(interface, headers))
    app.mount("/static", StaticFiles(directory=STATIC))
    require_declarations(app, interface)
    return app


def _push_key(file: Path) -> str:
    from diagnostics.notifications.vapid import public_key  # noqa: PLC0415 - few have such a key

    return public_key(file)


@cache
def _interface() -> FastAPI:
    """Return version 1 of the interface for machines. It has no state: one serves a process."""
    interface = FastAPI(
        title="Liftwacht",
        summary="Remote diagnostics for stairlifts and electric aids.",
        description=(
            "Emergencies of stairlifts, with the evidence, and what people do about them."
            " Times are RFC 3339 with their offset; units stand in the names."
            " Errors are problem details (RFC 9457)."
        ),
        version=API_VERSION,
        contact={
            "name": "Liftwacht",
            "url": "https://example.invalid/liftwacht",
            "email": "liftwacht@example.invalid",
        },
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        openapi_tags=[
            {"name": "Health", "description": "How each part of the chain is doing."},
            {"name": "Devices", "description": "The aids and what they measured."},
            {"name": "Logbooks", "description": "What an aid is, who had it, what was done to it."},
            {"name": "Tickets", "description": "What is wrong, and what people do about it."},
            {"name": "Contacts", "description": "Who clients are; each look is on record."},
            {"name": "Findings", "description": "What detectors found, and why they think so."},
            {"name": "Incidents", "description": "What befalls many aids of one area together."},
            {
                "name": "Visits",
                "description": "What mechanics tell from the road, line or no line.",
            },
            {"name": "Commissions", "description": "What municipalities commission: deliveries …"},
            {"name": "Complaints", "description": "Complaints, with their legal terms."},
            {"name": "Survey", "description": "How satisfied clients are."},
            {"name": "Misuse", "description": "Signals about use, which people weigh."},
            {"name": "Rota", "description": "Who is on call, and who takes over from whom."},
            {"name": "Notifications", "description": "How people and systems are told."},
            {"name": "Contract", "description": "Performance indicators, reports, billing."},
            {"name": "Privacy", "description": "Terms, requests about data, breaches, who looked."},
            {"name": "Live", "description": "Changes as they happen."},
        ],
    )
    interface.openapi = lambda: document(interface)  # type: ignore[method-assign]
    problems.install(interface)
    of_tickets = (tickets, registering, acting, attaching)
    of_people = (contacts, rota, notifications, visits, misuse)
    of_contract = (deliveries, complaints, survey, indicators, reports, comparing, billing)
    of_privacy = (privacy, subjects, breaches, sampling)
    for feature in (
        health,
        devices,
        logbook,
        enrolments,
        identities,
        orders,
        *of_tickets,
        *of_people,
        *of_contract,
        *of_privacy,
        findings,
        incidents,
        live,
    ):
        interface.include_router(feature.router)
    interface.include_router(erasing.interface)
    interface.include_router(labels.interface)
    interface.include_router(takeovers.interface)

    return interface
