"""The wire contract between modem and platform, version 1: the only thing everybody shares.

What may change within v1: a new optional field with a default, a new trailing element of
``Sample`` with a default, a new fault code, a new kind of command (a modem that does not know
it replies ``refused``). Receivers ignore fields they do not know. Everything else is v2, which
lives beside v1 under its own topic prefix.
"""
