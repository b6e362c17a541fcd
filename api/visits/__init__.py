"""The mechanic's visits: on a phone, also while there is no line."""
