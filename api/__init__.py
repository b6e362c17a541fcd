"""What people and machines see: REST under /v1, the live stream, and the service desk's pages."""
