"""Several workers share the shards, and take over from one that dies."""
