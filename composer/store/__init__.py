"""What the newsroom keeps: tables, queries and migrations, on SQLite or PostgreSQL."""
