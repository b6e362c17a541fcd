"""Tickets: what a person has to act upon, when it is due, and everything that happened to it.

``model``, ``sla`` and ``decisions`` are pure; ``repository`` is the only one that knows SQL;
``service`` ties them together inside the caller's transaction.
"""
