"""Finds an aid, a client or a ticket while somebody is on the telephone."""
