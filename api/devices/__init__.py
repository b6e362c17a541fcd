"""The aids: where they are, how they are, what they measured."""
