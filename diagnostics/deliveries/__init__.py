"""What municipalities commission under the contract: from the order received to the aid at work."""
