"""What befell an aid, drawn on one axis of time."""

from datetime import UTC, datetime, timedelta

from api.desk.history import WIDTH, Lane, Spell, draw

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def test_spells_lie_in_their_lanes_cut_at_the_ends_and_are_wide_enough_to_be_seen() -> None:
    before = Spell(Lane.TICKET, "repair", NOW - 40 * DAY, None, 7)
    moment = Spell(Lane.CALL, "sos", NOW, NOW)
    half = Spell(Lane.FAULT, "brake", NOW - 15 * DAY, NOW)
    drawn = draw([before, half, moment], NOW - 30 * DAY, NOW)
    assert drawn.spells == [moment, half, before]
    at = {bar.spell: bar for bar in drawn.bars}
    left, right = at[before].x, at[before].x + at[before].width
    assert right == WIDTH, "it lasts"
    assert at[half].x == (left + right) / 2
    assert (at[moment].x + at[moment].width, at[moment].width) == (WIDTH, 3)
    assert len({bar.y for bar in drawn.bars}) == 3
    assert all(left <= x < right for x, _ in drawn.days)
