"""The contract's performance indicators: data, from which figures and warnings follow."""
