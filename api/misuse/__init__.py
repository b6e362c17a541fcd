"""Cases of improper use, as the desk, mechanics and municipalities work with them."""
