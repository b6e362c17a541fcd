"""Tickets: what is wrong, why we think so, and what people did about it."""
