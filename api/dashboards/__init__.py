"""Dashboards and alert rules of Grafana, as code.

``queries.sql`` is what they ask, ``boards`` and ``alerts`` what there is; ``building`` makes it
what Grafana understands, ``bundle`` is all of it in one language, ``delivery`` brings it to a
Grafana and compares.
"""
