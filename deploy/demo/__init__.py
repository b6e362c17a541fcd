"""The whole platform on one machine, with a simulated fleet and embedded defaults."""
