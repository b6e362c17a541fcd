"""What the municipality gets in writing: management and annual reports, and the file comparison."""
