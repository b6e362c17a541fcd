"""Who is called when, and what happens when nobody answers. Pure: ``docs/escalation.md``."""
