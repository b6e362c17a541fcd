"""Complaints: their legal terms, and what is written when they are handled."""
