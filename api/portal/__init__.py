"""The municipality's pages: what is open, each case whole, and what they want to be told."""
