"""A lift that is none calls for help at a set interval, to show that the whole chain works.

``probe`` is that lift: a modem as any, and all that it has is its certificate. ``check`` is what
the platform makes of its call. What comes of it: ``docs/escalation.md``.
"""
