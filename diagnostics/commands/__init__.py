"""What people ask of an aid from afar: to say how it is, to be found. Never to move."""
