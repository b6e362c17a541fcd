"""NATS JetStream between brokers and workers, for a fleet beyond one machine (ADR 0024)."""
