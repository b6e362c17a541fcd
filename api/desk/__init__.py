"""The service desk: pages rendered on the server, kept up to date by /v1/live."""
