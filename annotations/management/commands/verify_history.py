"""`manage.py verify_history`: does every chain of the history hold?"""

from typing import Any

from django.core.management.base import CommandError

from annotations.base.site_command import SiteCommand
from annotations.models import Event
from annotations.services.events import first_broken_link


class Command(SiteCommand):
    """Names each chain with a line that was changed or taken out behind the application's back; exit status 1."""

    help = "Verify the hash chains of all history: the site's and every study's."

    def handle(self, *args: Any, **options: Any) -> None:
        chains = list(Event.objects.order_by("chain").values_list("chain", flat=True).distinct())
        broken = [(chain, line) for chain in chains if (line := first_broken_link(chain)) is not None]
        for chain, line in broken:
            self.stderr.write(f"{chain}: broken at line {line}")
        if broken:
            raise CommandError(f"{len(broken)} of {len(chains)} chains are broken.")
        self.stdout.write(f"{len(chains)} chains hold, {Event.objects.count()} lines.")
