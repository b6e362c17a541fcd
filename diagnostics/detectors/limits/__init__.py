"""Use outside the specification. ``detector`` is the whole; ``loads`` what nothing weighs."""

from diagnostics.detectors.limits.detector import Limits

__all__ = ["Limits"]
