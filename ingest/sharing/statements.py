"""The SQL of leases. Each is a transaction of its own: whoever is paused holds up nobody.

Times are the database's, so that clocks of workers need not agree.
"""

from typing import Final

JOIN: Final = """
INSERT INTO ingest_worker (worker, host, joined_at, seen_at)
VALUES (%(worker)s, %(host)s, clock_timestamp(), clock_timestamp())
ON CONFLICT (worker) DO NOTHING
"""

# Returns no row if somebody took us for dead; else whether half the time for that was over.
RENEW: Final = """
UPDATE ingest_worker SET
    seen_at = clock_timestamp(),
    reaches_broker = %(reaches)s,
    reaches_since = CASE WHEN reaches_broker IS DISTINCT FROM %(reaches)s THEN clock_timestamp()
                         ELSE reaches_since END
FROM (
    SELECT greatest(seen_at, pg_postmaster_start_time()) AS seen_at
    FROM ingest_worker WHERE worker = %(worker)s
) AS before
WHERE worker = %(worker)s AND fenced_at IS NULL
RETURNING before.seen_at < clock_timestamp() - make_interval(secs => %(alive_for_s)s / 2)
"""

# Nobody can be seen while the database is away: their time begins when it is back.
LIVING: Final = """
SELECT worker, reaches_broker, extract(epoch FROM clock_timestamp() - reaches_since)::float8
FROM ingest_worker
WHERE fenced_at IS NULL
  AND greatest(seen_at, pg_postmaster_start_time())
      > clock_timestamp() - make_interval(secs => %(alive_for_s)s)
"""

LEASES: Final = "SELECT part, holder FROM ingest_part ORDER BY part"

# From here on it is dead, whatever it thinks: its new connections find that out (ADMITTED).
FENCE: Final = """
UPDATE ingest_worker SET fenced_at = clock_timestamp()
WHERE worker = %(worker)s AND fenced_at IS NULL
  AND greatest(seen_at, pg_postmaster_start_time())
      <= clock_timestamp() - make_interval(secs => %(alive_for_s)s)
"""

# One that left has no row at all.
FENCED: Final = """
SELECT NOT EXISTS (
    SELECT FROM ingest_worker WHERE worker = %(worker)s AND fenced_at IS NULL
)
"""

# Ends its connections, each with the transaction and the locks that it may hold, and waits for it.
SHOOT: Final = """
SELECT bool_and(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity
WHERE starts_with(application_name, %(worker)s || '/') AND pid <> pg_backend_pid()
"""

ADMITTED: Final = "SELECT FROM ingest_worker WHERE worker = %(worker)s AND fenced_at IS NULL"

TAKE: Final = """
UPDATE ingest_part SET holder = %(worker)s, term = term + 1, since = clock_timestamp()
WHERE part = %(part)s AND holder IS NOT DISTINCT FROM %(expected)s
  AND EXISTS (SELECT FROM ingest_worker WHERE worker = %(worker)s AND fenced_at IS NULL)
RETURNING term
"""

GIVE: Final = """
UPDATE ingest_part SET holder = NULL, since = clock_timestamp()
WHERE part = ANY (%(parts)s) AND holder = %(worker)s
"""

LEAVE: Final = "DELETE FROM ingest_worker WHERE worker = %(worker)s"

# Those that were fenced and are of no interest to anybody any more.
FORGET: Final = """
DELETE FROM ingest_worker
WHERE fenced_at < clock_timestamp() - interval '1 day'
  AND NOT EXISTS (SELECT FROM ingest_part WHERE holder = worker)
"""
