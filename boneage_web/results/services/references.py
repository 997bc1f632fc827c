"""A site brings its own table of standard deviations, retires it, and chooses which one its reports name first."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.base.errors import Conflict, Invalid, NotAllowed, StaleState
from annotations.models import Person
from annotations.services.events import record_event
from boneage_web.results.models import ReferenceChoice, SdReference
from boneage_web.results.permissions import can_load_references
from boneage_web.results.references import present_references
from inference.standards.site_sd_table import SiteTableError, read_site_table

_NOT_YOU = "Only administrators load, retire and choose tables."


@transaction.atomic
def load_reference(
    *, person: Person, name_en: str, name_zh: str, source: str, population: str, table: str
) -> SdReference:
    """Keep a table from CSV text, with where it comes from. Raises NotAllowed, Invalid, Conflict."""
    if not can_load_references(person):
        raise NotAllowed("forbidden", _NOT_YOU)
    texts = {"name_en": name_en, "name_zh": name_zh, "source": source, "population": population}
    for field, text in texts.items():
        if not text.strip():
            raise Invalid(
                "provenance_missing", "Say in both languages what it is, where it is from, and of whom.", field=field
            )
    try:
        found = read_site_table(table)
    except SiteTableError as error:
        raise Invalid("bad_table", str(error), field="table") from None
    rows = [
        [sex, age, spread]
        for sex, column in sorted(found.spreads.items())
        for age, spread in zip(column.ages_months, column.sd_months, strict=True)
    ]
    digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    known = SdReference.objects.filter(hash=digest).first()
    if known is not None:
        raise Conflict("table_known", f"These very numbers are already here, as {known.name_en}.")
    try:
        with transaction.atomic():
            reference = SdReference.objects.create(
                slug=f"site_{digest[:12]}",
                **{field: text.strip() for field, text in texts.items()},
                rows=rows,
                hash=digest,
                loaded_by=person,
            )
    except IntegrityError:
        raise Conflict("table_known", "These very numbers are already here.") from None
    record_event(who=person, verb="load_reference", row=reference, study=None, new=reference.slug)
    return reference


@transaction.atomic
def retire_reference(*, person: Person, reference: SdReference) -> SdReference:
    """No new result names it; signed ones keep it."""
    if not can_load_references(person):
        raise NotAllowed("forbidden", _NOT_YOU)
    rows = SdReference.objects.filter(pk=reference.pk, retired_at__isnull=True)
    if rows.update(retired_at=timezone.now(), retired_by=person) != 1:
        raise StaleState("table", "in use")
    record_event(who=person, verb="retire_reference", row=reference, study=None, old=reference.slug)
    reference.refresh_from_db()
    return reference


@transaction.atomic
def choose_reference(*, person: Person, table: str) -> ReferenceChoice:
    """Reports name this table first from now on."""
    if not can_load_references(person):
        raise NotAllowed("forbidden", _NOT_YOU)
    if table not in {reference.id for reference in present_references()}:
        raise Invalid("unknown_reference", "There is no such table in use. Choose one of the list.", field="table")
    choice = ReferenceChoice.objects.create(table=table, chosen_by=person)
    record_event(who=person, verb="choose_reference", row=choice, study=None, new=table)
    return choice
