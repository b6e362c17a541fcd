"""Other person: somebody else than the indicated client uses the aid lastingly.

See docs/detectors/person.md. ``memory`` keeps rides by day, ``windows`` puts recent weeks beside
earlier ones, ``detector`` is the whole as the contract wants it; what the windows are compared by
is in ``diagnostics.models``.
"""

from diagnostics.detectors.person.detector import Person

__all__ = ["Person"]
