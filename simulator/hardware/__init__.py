"""Physics of each aid, as implementations of the gateway's hardware port."""
