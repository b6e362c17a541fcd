"""Scenarios: declarative, seeded, labelled with the truth about them."""
