"""Puts new aids into service: their registration, and the certificate that proves who they are."""
