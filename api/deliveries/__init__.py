"""What municipalities commission: deliveries … (``api.orders`` are commands to aids)."""
