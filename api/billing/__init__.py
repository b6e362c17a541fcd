"""Declarations by iWmo: 323 out, 325 back, rejected lines back to work (Z 70-72)."""
