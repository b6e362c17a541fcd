"""The one way to the database: pool, migrations, errors."""
