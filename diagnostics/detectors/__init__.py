"""Detectors: pure, one file each, one contract, one registry."""
