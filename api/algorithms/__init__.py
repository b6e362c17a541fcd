"""What detectors really do, for the Algorithm Register and for a DPIA."""
