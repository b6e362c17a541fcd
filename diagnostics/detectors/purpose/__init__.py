"""Another purpose: ``goods`` on the chair or behind the scooter, and ``play``."""

from diagnostics.detectors.purpose.detector import Purpose

__all__ = ["Purpose"]
