"""The bench for developers of modems: aids on real buses, and hands on whatever runs."""
