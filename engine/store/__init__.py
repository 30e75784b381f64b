"""The database: base class, types, connections, tables, migrations, visibility."""
