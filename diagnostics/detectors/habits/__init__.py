"""What detectors of habits share: facts gathered by day, judged once a day, told once an episode.

A habit shows over weeks, so nothing here needs a timer or every reading. ``daily`` is the base of
such a detector, ``memory`` what it keeps, ``calendar`` which day a fact belongs to, ``numbers`` the
little robust statistics they use.
"""

from diagnostics.detectors.habits.calendar import day_of
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Memory

__all__ = ["Case", "Daily", "Memory", "day_of"]
