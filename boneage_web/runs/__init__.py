"""The ledger of machine jobs: run, lease, progress, cancel, reaper, and the one file of Celery tasks."""
