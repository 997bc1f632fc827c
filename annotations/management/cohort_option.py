"""``--cohort NAME``, as the commands that take films in understand it."""

from argparse import ArgumentParser

from annotations.models import Cohort
from annotations.services.cohorts import add_cohort


def add_cohort_option(parser: ArgumentParser) -> None:
    """Adds the option."""
    parser.add_argument("--cohort", help="name of the cohort; made when there is none of that name")


def cohort_of(name: str | None) -> Cohort | None:
    """The cohort that the option names."""
    if not name:
        return None
    return Cohort.objects.filter(name=name).first() or add_cohort(person=None, name=name)
