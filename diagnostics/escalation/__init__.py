"""Who is called when, and what happens when nobody answers: ``docs/escalation.md``.

``hours``, ``rota``, ``policy``, ``timers`` and ``problem`` are pure; ``repository`` knows the SQL,
``service`` brings both together, and ``escalator`` runs it.
"""
