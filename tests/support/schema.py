"""A database's schema as sorted lines of text, from its catalog.

python -m tests.support.schema URL > tests/integration/ingest/schema.plain.txt
"""

import sys

from ingest.storage.pool import connect

# Not in it: NOT NULL as constraints (a catalog entry since PostgreSQL 18 only), TimescaleDB's own
# schemas, and what belongs to an extension.
_CATALOG = """
WITH relation AS (
    SELECT oid, relname, relkind, relrowsecurity
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
)
SELECT format('%s %s%s', CASE relkind WHEN 'r' THEN 'table' ELSE 'view' END, relname,
    CASE WHEN relrowsecurity THEN ' row-level security' ELSE '' END)
FROM relation
UNION ALL
SELECT format('column %s.%s %s%s%s%s', relname, attname, format_type(atttypid, atttypmod),
    CASE WHEN attnotnull THEN ' not null' ELSE '' END,
    CASE WHEN attidentity <> '' THEN ' identity' ELSE '' END,
    ' default ' || pg_get_expr(adbin, adrelid))
FROM relation
JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
UNION ALL
SELECT format('index %s', pg_get_indexdef(indexrelid))
FROM relation JOIN pg_index ON indrelid = relation.oid
UNION ALL
SELECT format('constraint %s.%s %s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
FROM relation JOIN pg_constraint ON conrelid = relation.oid AND contype <> 'n'
UNION ALL
SELECT format('policy %s.%s to %s using %s', relname, polname,
    (SELECT string_agg(rolname, ', ' ORDER BY rolname) FROM pg_roles WHERE oid = ANY (polroles)),
    pg_get_expr(polqual, polrelid))
FROM relation JOIN pg_policy ON polrelid = relation.oid
UNION ALL
SELECT format('trigger %s', pg_get_triggerdef(pg_trigger.oid))
FROM relation JOIN pg_trigger ON tgrelid = relation.oid
WHERE NOT tgisinternal AND tgname NOT LIKE 'ts_%'
UNION ALL
SELECT format('grant %s on %s to %s', string_agg(privilege_type, ', ' ORDER BY privilege_type),
    table_name, grantee)
FROM information_schema.role_table_grants
WHERE grantee LIKE 'liftwacht_%' AND table_schema = 'public'
GROUP BY table_name, grantee
UNION ALL
SELECT format('grant %s (%s) on %s to %s', privilege_type,
    string_agg(column_name, ', ' ORDER BY column_name), table_name, grantee)
FROM information_schema.role_column_grants AS of_column
WHERE grantee LIKE 'liftwacht_%' AND table_schema = 'public'
    AND NOT EXISTS (
        SELECT FROM information_schema.role_table_grants AS of_table
        WHERE of_table.grantee = of_column.grantee
            AND of_table.table_name = of_column.table_name
            AND of_table.privilege_type = of_column.privilege_type
    )
GROUP BY table_name, grantee, privilege_type
ORDER BY 1
"""

_TIMESCALE = """
SELECT format('hypertable %s by %s every %s', hypertable_name, column_name, time_interval)
FROM timescaledb_information.dimensions WHERE hypertable_schema = 'public'
UNION ALL
SELECT format('job %s on %s %s', proc_name,
    coalesce(
        (SELECT view_name FROM timescaledb_information.continuous_aggregates
         WHERE materialization_hypertable_name = hypertable_name),
        hypertable_name
    ),
    (config - 'hypertable_id' - 'mat_hypertable_id')::text)
FROM timescaledb_information.jobs WHERE hypertable_name IS NOT NULL
ORDER BY 1
"""


def describe(url: str) -> str:
    """Return the schema of a database, one fact a line."""
    with connect(url, application="schema") as connection:
        lines = [line for (line,) in connection.execute(_CATALOG)]
        extension = "SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'"
        if connection.execute(extension).fetchone():
            lines += [line for (line,) in connection.execute(_TIMESCALE)]
    return "".join(f"{line}\n" for line in sorted(lines))


if __name__ == "__main__":
    sys.stdout.write(describe(sys.argv[1]))
