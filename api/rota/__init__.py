"""Who is on call when, and who takes over from whom."""
