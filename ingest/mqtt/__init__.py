"""The receiving end of MQTT 3.1.1, as far as the platform's own consumer needs it (ADR 0002)."""
