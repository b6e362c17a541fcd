"""Breaches (*datalekken*): what happened, who decides what, and the law's clocks."""
