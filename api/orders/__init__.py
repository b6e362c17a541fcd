"""What people ask of an aid from afar, and what became of it. Nothing that moves it."""
