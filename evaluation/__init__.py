"""The measured verdict: labelled fleets through every detector, beside what one would else have."""
