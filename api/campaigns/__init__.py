"""Campaigns of new programmes and settings for modems, for administrators."""
