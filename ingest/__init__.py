"""MQTT to TimescaleDB: owns the system of record."""
