"""A store outside every data folder, as an S3-style one is: what is written under a name takes its place."""

from typing import Any

from django.core.files.storage import InMemoryStorage


class SharedStore(InMemoryStorage):
    """All that a test's machines have in common, beside database and broker."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        if self.exists(name):
            self.delete(name)
        return str(super()._save(name, content))
