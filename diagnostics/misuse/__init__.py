"""Improper use, from a signal to what the municipality decides. A signal accuses nobody."""
