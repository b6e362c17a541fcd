"""The digital logbook (*digitaal logboek*): what an aid is, who had it, what was done to it."""
