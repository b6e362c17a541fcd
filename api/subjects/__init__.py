"""What clients ask about their data (AVG, articles 15 to 18), and what is done for it."""
