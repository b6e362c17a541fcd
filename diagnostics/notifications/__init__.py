"""Outgoing messages: rows written with the decision, sent after commit, retried until done."""
