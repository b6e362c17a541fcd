"""The running survey of how satisfied clients are: by a personal link, or on paper."""
