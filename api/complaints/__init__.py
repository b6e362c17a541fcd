"""Complaints: registered with their legal terms, handled, and answered in writing."""
