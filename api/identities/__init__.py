"""Who modems are: what is odd about it, certificates and codes, for administrators."""
