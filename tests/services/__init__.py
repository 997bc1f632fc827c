"""Real servers for tests: PostgreSQL and Redis on free ports, with data that is thrown away."""
