"""Runs the named statements of ``queries.sql`` files and returns rows as dictionaries."""

from diagnostics.queries import Connection, Row, row, rows

__all__ = ["Connection", "Row", "row", "rows"]
