"""How people are reached, and which other systems hear of events."""
