"""How an aid is repaired and serviced: by a mechanic with his key, as the register says."""

from simulator.years.behaviours.contract import Spell
from simulator.years.life import Life, Outage


def mechanic(life: Life, day: int, *, hour: float = 10.5) -> None:
    """Have the mechanic come with his key: the modem starts anew while he is there."""
    if 0 <= day < life.calendar.days:
        came_ms = life.moment(day, hour)
        life.outages.append(
            Outage(from_ms=came_ms, until_ms=came_ms + 1_800_000, on=False, service=True)
        )


def serviced(life: Life, day: int, *, opened: bool = True) -> None:
    """Have the mechanic come for service; the register says so that evening."""
    if not 0 <= day < life.calendar.days:
        return
    if opened:
        life.days.openings[day] += 1
    mechanic(life, day)
    life.registered(life.moment(day, 18.0), serviced_on=life.calendar.date_of(day))


def repaired(life: Life, spell: Spell, *, names: tuple[str, ...], new: dict[str, float]) -> None:
    """From the failure nobody rides; some days later a mechanic puts it right.

    Args:
        life: of the aid.
        spell: ``fails`` is known; ``until`` becomes the day of the repair.
        names: columns of ``Days`` that the repair sets.
        new: to what; columns without an entry are as at the beginning.
    """
    if spell.fails is None:
        return
    days, span = life.days, life.calendar.days
    repair = spell.fails + 1 + int(spell.rng.integers(1, 5))
    spell.until = repair
    if spell.fails + 1 < span:
        days.rides[spell.fails + 1 : repair] = 0.0
        days.partner[spell.fails + 1 : repair] = 0.0
    if repair < span:
        for name in names:
            column = getattr(days, name)
            column[repair:] = new.get(name, float(column[0]))
        days.openings[repair] += 1
        mechanic(life, repair)
