"""Settings: `base` for all, `dev` for one's own machine and `make run`, `prod` behind a proxy, `test` for pytest."""
