"""Recorded messages played again, as fast as wanted. See ``docs/simulator/workbench.md``."""
