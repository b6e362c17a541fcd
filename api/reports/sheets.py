"""A report as sheets: every field of W 4.1 and Z 77. Pure."""

from collections.abc import Iterator

from api.reports import client_level, levels
from api.reports.model import Report, Sheet


def sheets(report: Report) -> Iterator[Sheet]:
    """Yield all sheets, one at a time: those of a large municipality have a row for each client.

    Levels of the client are in a municipality's own report alone.
    """
    yield levels.totals(report)
    yield levels.indicators(report)
    yield levels.municipalities(report)
    yield levels.categories(report)
    if report.snapshot.earlier:
        yield levels.earlier(report)
    yield levels.durations(report)
    if not report.snapshot.is_group:
        yield levels.clients(report)
        yield client_level.aids(report)
        yield client_level.orders(report)
        yield client_level.works(report)
        yield client_level.calamities(report)
        yield client_level.complaints(report)
        yield client_level.outside_all_in(report)
        yield client_level.delays(report)
    yield levels.answers(report)
    yield levels.rejections(report)
