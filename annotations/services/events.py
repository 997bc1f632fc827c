"""Writing history."""

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from annotations.base.chain import link_hash
from annotations.base.prepared import prepared
from annotations.models import Event, Person, Study
from annotations.services.progress import note_progress

SITE_CHAIN = "site"
"""Chain of everything that belongs to no study: people, cohorts, protocol."""


def record_event(
    *,
    who: Person | None,
    verb: str,
    row: models.Model,
    study: Study | None,
    old: str = "",
    new: str = "",
    reason: str = "",
) -> Event:
    """Add one line to the chain of the study (or of the site). Call inside the transaction of the change it tells."""
    chain = str(study.pk) if study else SITE_CHAIN
    # One writer of a chain at a time: whoever writes the study's row holds it to the end of the transaction.
    if study is None:
        Event.objects.select_for_update().filter(chain=chain, number=1).values_list("pk").first()
    elif not note_progress(study.pk, changed=row):
        Study.objects.select_for_update().filter(pk=study.pk).values_list("pk").get()
    last = _newest_link.first(chain)
    number, previous_hash = (last[0] + 1, last[1]) if last else (1, "")
    event = Event(
        at=timezone.now(),
        who=who,
        verb=verb,
        noun=row._meta.verbose_name.replace(" ", "_") if row._meta.verbose_name else "",
        object_id=str(row.pk),
        study=study,
        old=old,
        new=new,
        reason=reason,
        chain=chain,
        number=number,
        previous_hash=previous_hash,
    )
    event.hash = link_hash(previous_hash, event_fields(event))
    event.save(force_insert=True)
    return event


@prepared
def _newest_link(chain: str) -> QuerySet[Event, tuple[int, str]]:
    return Event.objects.filter(chain=chain).order_by("-number").values_list("number", "hash")[:1]


def event_fields(event: Event) -> list[str | int | None]:
    """What the hash of a line covers, in order."""
    return [
        event.chain,
        event.number,
        event.at.isoformat(),
        str(event.who_id) if event.who_id else None,
        event.verb,
        event.noun,
        event.object_id,
        event.old,
        event.new,
        event.reason,
    ]


def first_broken_link(chain: str) -> int | None:
    """Number of the first line of the chain whose place or hash is wrong; None when the chain holds."""
    previous_hash = ""
    for expected, event in enumerate(Event.objects.filter(chain=chain).order_by("number"), start=1):
        whole = event.number == expected and event.previous_hash == previous_hash
        if not whole or event.hash != link_hash(previous_hash, event_fields(event)):
            return event.number
        previous_hash = event.hash
    return None
