"""Contact data of clients: for those who need it, and each look on record."""
