"""Where the figures of the README come from: each prints one JSON object a line."""
