"""Adapters from the hardware port to real buses."""
