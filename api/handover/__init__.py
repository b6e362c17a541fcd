"""The whole park as one package at the end of a contract (*overdracht*, Z 73), out and in."""
