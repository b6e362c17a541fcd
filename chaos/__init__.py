"""The platform under faults, drawn from a seed, with a count of what was lost and what doubled."""
