"""Lets a new modem in: a one-time code for a certificate. The registrar signs, not we."""
