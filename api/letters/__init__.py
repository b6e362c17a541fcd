"""What is told in writing: to be printed or mailed as PDF, and marked as sent."""
