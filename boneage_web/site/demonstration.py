"""What a demonstration has: accounts with a public password, the shipped model, and a cohort of drawn films.

Everything here may be done again and adds nothing the second time.
"""

from collections.abc import Mapping

from django.conf import settings

from annotations.models import Cohort, Person
from annotations.services.cohorts import add_cohort
from annotations.services.intake import receive
from annotations.services.people import add_person
from annotations.states import IntakeResult, RoleName
from boneage_web.registry.models import ModelVersion
from boneage_web.registry.selectors import active_model
from boneage_web.registry.services.models import activate, register_artifact
from boneage_web.runs.kinds import RunKind, RunStatus
from boneage_web.runs.models import Run
from boneage_web.runs.services.ledger import create_run
from boneage_web.site.public_password import PUBLIC_PASSWORD
from inference.artifact import shipped_artifact
from inference.progress import OnProgress, Progress, ignore_progress
from training.phantom.cohort import demo_cohort

PASSWORD = PUBLIC_PASSWORD
COHORT = "Demonstration (synthetic films)"
FILMS = 24
SEED = 2018
ACCOUNTS: Mapping[str, tuple[str, tuple[RoleName, ...]]] = {
    "labeller": ("Labeller", (RoleName.LABELLER,)),
    "reviewer": ("Reviewer", (RoleName.REVIEWER,)),
    "reader1": ("First reader", (RoleName.READER,)),
    "reader2": ("Second reader", (RoleName.READER,)),
    "adjudicator": ("Adjudicator", (RoleName.ADJUDICATOR,)),
    "researcher": ("Researcher", (RoleName.RESEARCHER,)),
    "admin": (
        "Administrator",
        (
            RoleName.LABELLER,
            RoleName.REVIEWER,
            RoleName.RESEARCHER,
            RoleName.ADJUDICATOR,
            RoleName.ADMINISTRATOR,
        ),
    ),
}


class NoDemonstrationError(Exception):
    """Demonstration accounts are only made where the environment says that this is one."""


def make_accounts() -> int:
    """The demonstration accounts that are not there yet. Returns how many. Raises NoDemonstrationError."""
    if not settings.DEMONSTRATION:
        raise NoDemonstrationError("Set BONEAGE_DEMONSTRATION=1 to make accounts with a public password.")
    present = set(Person.objects.filter(username__in=ACCOUNTS).values_list("username", flat=True))
    for username, (display_name, roles) in ACCOUNTS.items():
        if username not in present:
            add_person(
                by=None,
                username=username,
                display_name=display_name,
                password=PASSWORD,
                roles=roles,
                check_password=False,
            )
    return len(ACCOUNTS) - len(present)


def register_shipped_model() -> ModelVersion:
    """The model that comes with the program, active unless a person chose another."""
    model = register_artifact(source=shipped_artifact(), origin="shipped")
    return model if active_model() else activate(model=model, person=None, reason="comes with the program")


def request_cohort(*, count: int = FILMS, seed: int = SEED) -> Run | None:
    """A run that hands the drawn films in; None when they are in already."""
    parameters = {"count": count, "seed": seed}
    runs = Run.objects.filter(kind=RunKind.DEMONSTRATION, parameters=parameters)
    if runs.filter(status=RunStatus.SUCCEEDED).exists():
        return None
    unfinished = runs.filter(status__in=[RunStatus.QUEUED, RunStatus.RUNNING]).first()
    return unfinished or create_run(kind=RunKind.DEMONSTRATION, parameters=parameters, requested_by=None)


def fill_cohort(*, count: int, seed: int, on_progress: OnProgress = ignore_progress) -> dict[str, int]:
    """Draw the films and take them in through the same door as every upload. Returns how each outcome was met."""
    cohort = Cohort.objects.filter(name=COHORT).first() or add_cohort(person=None, name=COHORT)
    outcomes = {str(result): 0 for result in IntakeResult}
    for number, film in enumerate(demo_cohort(seed, count), start=1):
        outcome = receive(data=film.data, filename=film.filename, by=None, cohort=cohort)
        outcomes[str(outcome.outcome)] += 1
        on_progress(Progress("films", number, count, f"drawn film {number} of {count}: {outcome.outcome}"))
    return outcomes
