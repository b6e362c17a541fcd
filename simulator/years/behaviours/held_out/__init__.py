"""Kept for the test: ways of being fine, failing and being misused that nobody tunes on.

Whoever works on a detector does not read this folder. After a verdict that was looked at these
become training (``test=True`` goes, the modules move to ``cases``), and others are written by
somebody who has not read the detectors.
"""
