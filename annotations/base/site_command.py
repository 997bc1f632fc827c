"""What the commands of a site have in common: they start quickly, and never with settings that cannot be right."""

from django.core.management.base import BaseCommand

SITE = "site"
"""Tag of the checks that look at a site's own settings and files; ``manage.py check`` runs them with all others."""


class SiteCommand(BaseCommand):
    """A command that people and programs of a site start.

    Before it works, the checks of the site's settings are made. Those of the code (addresses, models) are left to
    ``manage.py check`` and the tests: no setting changes what they find, and they load the whole API, which takes more
    than a second, in every process of the site.
    """

    requires_system_checks = [SITE]
