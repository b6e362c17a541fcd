"""How the indicators stand, from the cases; and the cases behind a figure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from api.kpi import cases as reading
from api.kpi.forecast import Forecast, forecast, still_to_come
from api.kpi.model import Case, Definition, Figure, Month, current, figure_of, lately
from api.kpi.periods import Length, Period, period_at
from api.kpi.risk import Level, level_of
from api.problems import NotFoundError
from api.queries import Connection, rows
from diagnostics.tickets.calendar import dutch_day

TREND: Final[dict[Length, int]] = {Length.MONTH: 12, Length.QUARTER: 5, Length.YEAR: 3}
MOST_SHOWN: Final = 500


class Contract(NamedTuple):
    """Whose figures: a group of municipalities, or one."""

    code: str
    name: str
    members: tuple[str, ...]
    is_group: bool


class Standing(NamedTuple):
    """How an indicator stands in a period.

    ``trend``: the periods before and this one, oldest first; ``past``: the year until now.
    """

    definition: Definition
    period: Period
    figure: Figure
    past: Figure
    forecast: Forecast | None
    level: Level | None
    trend: tuple[tuple[Period, Figure], ...]


async def contracts(connection: Connection) -> list[Contract]:
    """Return whose figures there are: groups first."""
    found = await rows(connection, reading.QUERIES["contracts"])
    return [
        Contract(each["code"], each["name"], tuple(each["members"]), each["is_group"])
        for each in found
    ]


def chosen(every: Sequence[Contract], code: str | None, own: str | None) -> Contract:
    """Return the contract that somebody looks at: of a municipality its own, whatever they ask.

    Raises:
        NotFoundError: there is none with that code.
    """
    wanted = own or code
    for each in every:
        if wanted is None or each.code == wanted:
            return each
    raise NotFoundError(f"There is no contract {wanted}.")


def codes(contract: Contract, every: Sequence[Contract]) -> frozenset[str]:
    """Return whose agreements hold for it: its own, and those of the group it belongs to."""
    groups = {each.code for each in every if each.is_group and contract.code in each.members}
    return frozenset({contract.code, *groups})


async def overview(
    connection: Connection, contract: Contract, every: Sequence[Contract], now: datetime
) -> list[Standing]:
    """Return how all indicators of a contract stand now."""
    definitions = await reading.definitions(connection)
    return [
        await standing(connection, definition, contract, now)
        for definition in current(definitions, codes(contract, every), dutch_day(now))
    ]


async def standing(
    connection: Connection, definition: Definition, contract: Contract, now: datetime
) -> Standing:
    """Return how one indicator stands now."""
    period = period_at(now, definition.period)
    periods = [period.before(count) for count in range(TREND[definition.period] - 1, -1, -1)]
    # Also the year before now, whatever the length of the periods.
    first = min(periods[0], period_at(now - reading.A_YEAR, definition.period))
    found = await reading.months(
        connection, definition, contract.members, first=first, last=period, now=now
    )
    return judge(definition, period, periods, found, now)


def judge(
    definition: Definition,
    period: Period,
    periods: Sequence[Period],
    found: Sequence[Month],
    now: datetime,
) -> Standing:
    """Return how an indicator stands, from its months. Pure."""
    asked = definition.share_asked
    figure = figure_of(found, period, asked)
    past = lately(found, asked)
    days_left = (period.end - dutch_day(now)).days
    ahead = forecast(
        figure, past, expected=still_to_come(figure, past, period, days_left=days_left)
    )
    trend = tuple((each, figure_of(found, each, asked)) for each in periods)
    return Standing(definition, period, figure, past, ahead, level_of(figure, past, ahead), trend)


async def behind(
    connection: Connection, key: str, period: Period, contract: Contract, now: datetime
) -> tuple[Definition, Figure, list[Case]]:
    """Return an indicator as it holds in ``period``, its figure, and the cases behind it.

    What was missed comes first, then what is open, by due moment; ``MOST_SHOWN`` at most, and none
    of the survey: answers are counted, never listed.

    Raises:
        NotFoundError: there is no such indicator.
    """
    known = [each for each in await reading.definitions(connection) if each.key == key]
    if not known:
        raise NotFoundError(f"There is no indicator {key!r}.")
    holding = [each for each in known if each.valid_on(period.begin)] or known
    definition, members = holding[-1], contract.members
    found = await reading.months(
        connection, definition, members, first=period, last=period, now=now
    )
    figure = figure_of(found, period, definition.share_asked)
    shown = await reading.listed(connection, definition, members, period, now, at_most=MOST_SHOWN)
    return definition, figure, shown


def left_off(figure: Figure, shown: Sequence[Case]) -> int:
    """Return how many cases of a figure are not shown, for there are too many."""
    every = figure.decided + figure.left_out + figure.pending
    return every - len(shown) if len(shown) == MOST_SHOWN else 0
