"""Taking a park over from the contractor before: their list in, inspections, how far it is."""
