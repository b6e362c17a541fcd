"""What detectors found, whatever it asks for."""
