"""`manage.py demo`: accounts, shipped model and drawn films in this very process, without a worker."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotations.base.site_command import SiteCommand
from boneage_web.site import demonstration
from inference.progress import Progress


class Command(SiteCommand):
    """Fills a demonstration; needs BONEAGE_DEMONSTRATION=1."""

    help = "Make the demonstration accounts, register the shipped model and take the drawn films in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--films", type=int, default=demonstration.FILMS, help="how many films to draw")
        parser.add_argument("--seed", type=int, default=demonstration.SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = demonstration.make_accounts()
        except demonstration.NoDemonstrationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made} demonstration accounts made")
        self.stdout.write(f"model {demonstration.register_shipped_model().label} is registered")
        outcomes = demonstration.fill_cohort(count=options["films"], seed=options["seed"], on_progress=self._say)
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))

    def _say(self, progress: Progress) -> None:
        self.stdout.write(progress.note)
