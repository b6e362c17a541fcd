"""A report as sheets: every field of W 4.1 and Z 77. Pure."""

from api.reports import client_level, levels
from api.reports.model import Report, Sheet


def sheets(report: Report) -> list[Sheet]:
    """Return all sheets. Levels of the client are in a municipality's own report alone."""
    found = [
        levels.totals(report),
        levels.indicators(report),
        levels.municipalities(report),
        levels.categories(report),
    ]
    if report.snapshot.earlier:
        found.append(levels.earlier(report))
    found.append(levels.durations(report))
    if not report.snapshot.is_group:
        found += [
            levels.clients(report),
            client_level.aids(report),
            client_level.orders(report),
            client_level.works(report),
            client_level.calamities(report),
            client_level.complaints(report),
            client_level.outside_all_in(report),
            client_level.delays(report),
        ]
    return [*found, levels.answers(report), levels.rejections(report)]
