"""Lists that somebody brings through the pages: kept in a private folder, looked at, tried out, imported."""
