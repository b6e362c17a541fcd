"""What is unusual in who looked at whom: plainly said, and no accusation. Pure.

A person who looks often may have had a busy day. These are where to ask, not what to conclude.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from msgspec import Struct

from diagnostics.tickets.calendar import ZONE, dutch_day, is_working_day

# So many different clients on one day by one person, or three times what is usual for them.
MANY_CLIENTS: Final = 40
FEW: Final = 10  # below this, three times as many is nothing
TIMES_USUAL: Final = 3
# So many people at one client on one day: a household in trouble, or somebody who is known.
MANY_PEOPLE: Final = 5
_WORK_BEGINS, _WORK_ENDS = time(7), time(19)


class Look(Struct, frozen=True, kw_only=True):
    """One look. ``client``: None, of an aid that nobody borrowed."""

    at: datetime
    login: str
    role: str
    client: str | None
    ticket: int | None


class Unusual(StrEnum):
    """What is unusual."""

    MANY_CLIENTS = "many_clients"
    OUTSIDE_SHIFT = "outside_shift"
    MANY_PEOPLE = "many_people"


class Pattern(Struct, frozen=True, kw_only=True):
    """Something to ask about. ``who``: a login; of many people at one client, the client."""

    what: Unusual
    who: str
    day: date
    count: int
    usual: float | None = None


def patterns(looks: Iterable[Look], on_call: Callable[[str, datetime], bool]) -> list[Pattern]:
    """Return what is unusual, the newest day first.

    Args:
        looks: of some weeks, so that one sees what is usual.
        on_call: whether somebody was on call at a moment, by their login.
    """
    every = list(looks)
    found = [*_many_clients(every), *_outside(every, on_call), *_many_people(every)]
    return sorted(found, key=lambda each: (-each.day.toordinal(), each.what, each.who))


def _many_clients(looks: Iterable[Look]) -> Iterator[Pattern]:
    clients: dict[str, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in looks:
        if each.client is not None:
            clients[each.login][dutch_day(each.at)].add(each.client)
    for login, days in clients.items():
        for day, seen in days.items():
            others = sorted(len(them) for other, them in days.items() if other != day)
            usual = float(others[len(others) // 2]) if others else None
            much = usual is not None and len(seen) >= FEW and len(seen) > TIMES_USUAL * usual
            if len(seen) >= MANY_CLIENTS or much:
                yield Pattern(
                    what=Unusual.MANY_CLIENTS, who=login, day=day, count=len(seen), usual=usual
                )


def _outside(looks: Iterable[Look], on_call: Callable[[str, datetime], bool]) -> Iterator[Pattern]:
    counts: dict[tuple[str, date], int] = defaultdict(int)
    for each in looks:
        if not _in_hours(each.at) and not on_call(each.login, each.at):
            counts[each.login, dutch_day(each.at)] += 1
    for (login, day), count in counts.items():
        yield Pattern(what=Unusual.OUTSIDE_SHIFT, who=login, day=day, count=count)


def _many_people(looks: Iterable[Look]) -> Iterator[Pattern]:
    people: dict[tuple[str, date], set[str]] = defaultdict(set)
    for each in looks:
        if each.client is not None:
            people[each.client, dutch_day(each.at)].add(each.login)
    for (client, day), them in people.items():
        if len(them) >= MANY_PEOPLE:
            yield Pattern(what=Unusual.MANY_PEOPLE, who=client, day=day, count=len(them))


def _in_hours(at: datetime) -> bool:
    here = at.astimezone(ZONE)
    return is_working_day(here.date()) and _WORK_BEGINS <= here.time() < _WORK_ENDS
