"""What the AVG asks: how long what is kept, what for, and what people may ask about it."""
