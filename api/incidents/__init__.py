"""Incidents: what befalls many aids of one area together."""
