"""How the parts of the chain are doing."""
