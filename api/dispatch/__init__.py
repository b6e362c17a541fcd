"""Who can be there soonest."""
