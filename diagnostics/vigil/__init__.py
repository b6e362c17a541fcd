"""The platform's eye on itself: what is ill pages people, and what is well says so to the outside.

``judgement`` and ``paging`` are pure; ``repository`` knows the SQL, and ``watch`` runs it.
"""
