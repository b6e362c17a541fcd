"""New programmes and settings for modems: ring by ring, with a pause when they go wrong."""
