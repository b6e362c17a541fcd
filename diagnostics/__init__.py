"""Decides what the readings mean: detectors, tickets, notifications, and the engine."""
