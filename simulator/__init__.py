"""Hardware simulator: stands in for the lift's controller under the real gateway code."""
