"""`manage.py document_settings`: docs/settings.md from the settings class; a test compares the two."""

from typing import Any

from django.core.management.base import BaseCommand

from boneage_web.env import OTHER_VARIABLES, PROJECT_DIR, documented_settings

PAGE = PROJECT_DIR / "docs" / "settings.md"
HEAD = """# Settings

Every environment variable, from `boneage_web/env.py` (written by `manage.py document_settings`). A name with the prefix
`BONEAGE_` that does not stand here stops the start: it is a typing error.

| variable | default | what it does |
|---|---|---|
"""


def settings_page() -> str:
    """The page as it should be."""
    rows = [f"| `{name}` | {_shown(default)} | {about} |" for name, default, about in documented_settings()]
    rows += [f"| `{name}` | none | {about} |" for name, about in OTHER_VARIABLES.items()]
    return HEAD + "\n".join(rows) + "\n"


def _shown(default: object) -> str:
    if default in (None, "", ()):
        return "none"
    if isinstance(default, bool):
        return f"`{int(default)}`"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return "`var`" if default == PROJECT_DIR / "var" else f"`{default}`"


class Command(BaseCommand):
    """Writes the page."""

    help = "Write docs/settings.md from the settings class."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(settings_page(), encoding="utf-8")
        self.stdout.write(str(PAGE.relative_to(PROJECT_DIR)))
