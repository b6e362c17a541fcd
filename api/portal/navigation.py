"""Where one can go in the portal. A feature with pages of its own adds its entry here."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from api.accounts.principal import Principal
from api.accounts.roles import Permission


class Entry(NamedTuple):
    """One place. ``name``: of ``words.PLACES``; shown to those who have all of ``needs``."""

    name: str
    path: str
    needs: frozenset[Permission]


def _entry(name: str, path: str, *needs: Permission) -> Entry:
    return Entry(name, path, frozenset({Permission.USE_PORTAL, *needs}))


NAVIGATION: Final[Sequence[Entry]] = (
    _entry(
        "overview",
        "/portal",
        Permission.READ_COMMISSIONS,
        Permission.READ_COMPLAINTS,
        Permission.READ_TICKETS,
        Permission.READ_MISUSE,
    ),
    _entry("search", "/portal/search", Permission.READ_COMMISSIONS),
    _entry("figures", "/portal/figures", Permission.READ_SURVEY),
    _entry("misuse", "/portal/misuse", Permission.READ_MISUSE),
    _entry("notices", "/portal/notices", Permission.CHOOSE_NOTICES),
    _entry("webhooks", "/portal/webhooks", Permission.MANAGE_OWN_WEBHOOKS),
    _entry("performance", "/portal/performance", Permission.READ_FIGURES),
    _entry("reports", "/portal/reports", Permission.READ_REPORTS),
    _entry("takeovers", "/portal/takeovers", Permission.READ_COMMISSIONS),
    _entry("files", "/portal/file-comparisons", Permission.READ_REPORTS),
    _entry("samples", "/portal/samples", Permission.DRAW_SAMPLES),
    _entry("requests", "/portal/requests", Permission.HANDLE_REQUESTS),
    _entry("breaches", "/portal/breaches", Permission.READ_BREACHES),
    _entry("looks", "/portal/looks", Permission.READ_PRIVACY),
    _entry("retention", "/portal/retention", Permission.READ_PRIVACY),
    _entry("catalogue", "/portal/catalogue", Permission.READ_PRIVACY),
)


def places(who: Principal) -> list[Entry]:
    """Return where somebody may go."""
    return [entry for entry in NAVIGATION if entry.needs <= who.permissions]
