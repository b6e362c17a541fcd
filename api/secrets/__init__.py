"""Secrets of other systems that are stored, and the keys that seal them."""
