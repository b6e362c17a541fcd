"""Signed packages: the modem's next programme, from whoever signs to the modem that asks."""
