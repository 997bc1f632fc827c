"""A result on one printed page: the film with its boxes beside the numbers."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image as Picture
from reportlab.lib.units import mm
from reportlab.platypus import Image, Spacer, Table, TableStyle

from boneage_web.reports.page import CONTENT_WIDTH, Language, build_pdf, facts, heading, on_one_page, paragraph
from boneage_web.results.facts import named_score
from boneage_web.results.reports.picture import RGB
from boneage_web.results.reports.sections import Section, sections
from boneage_web.results.reports.words import badges, moment, signed_number, word, years_and_months

PICTURE_WIDTH, PICTURE_HEIGHT = 62 * mm, 92 * mm
GAP = 6 * mm


def report_pdf(
    said: Mapping[str, Any],
    growth: Sequence[Mapping[str, Any]],
    language: Language,
    *,
    picture: RGB | None,
    made_at: str,
) -> bytes:
    """The facts as a PDF. ``picture``: of :func:`boneage_web.results.reports.picture.film_picture`."""
    parts = sections(said, growth, language)
    side = CONTENT_WIDTH - PICTURE_WIDTH - GAP
    beside = [*_headline(said, language), *_flow(parts, "beside_film", language, side)]
    under = _flow(parts, "under_film", language, PICTURE_WIDTH)
    top = Table([[[*_image(picture), *under], "", beside]], colWidths=[PICTURE_WIDTH, GAP, side])
    bare = [(f"{edge}PADDING", (0, 0), (-1, -1), 0) for edge in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    top.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *bare]))
    half = (CONTENT_WIDTH - GAP) / 2
    left, right = (_flow(parts, place, language, half) for place in ("left", "right"))
    below = Table([[left, "", right]], colWidths=[half, GAP, half])
    below.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *bare]))
    story = [top, Spacer(1, 2 * mm), below]
    story.append(heading(word("limits", language), language))
    story.append(paragraph(word("limits_text", language), language, quiet=True))
    return build_pdf(
        [on_one_page(story)],
        language=language,
        title=word("title", language),
        subtitle=f"{said['study']['pseudonym']} · {moment(said['study']['received_at'], language)}",
        badges=badges(said, language),
        footer=f"{word('research', language)} · {said['study']['id']} · {moment(made_at, language)}",
    )


def _headline(said: Mapping[str, Any], language: Language) -> list[Any]:
    """The age as one reads it from across a table, and what it means."""
    months = said["bone_age_months"]
    age = word("unknown", language) if months is None else years_and_months(months, language)
    row = named_score(said)
    meaning = ""
    if row and row["sds"] is not None:
        meaning = f"SDS {signed_number(row['sds'])} · {word(row['class'], language)}"
    return [
        paragraph(word("bone_age", language), language, quiet=True),
        paragraph(age, language, size=19, bold=True),
        paragraph(meaning, language, size=10.5),
    ]


def _flow(parts: Sequence[Section], place: str, language: Language, width: float) -> list[Any]:
    """The sections of one place."""
    story: list[Any] = []
    for part in parts:
        if part.place != place or not (part.pairs or part.notes):
            continue
        story.append(heading(part.title, language))
        if part.pairs:
            story.append(facts(part.pairs, language, width=width, name_share=0.4))
        story += [paragraph(note, language) for note in part.notes]
    return story


def _image(picture: RGB | None) -> list[Any]:
    if picture is None:
        return []
    out = io.BytesIO()
    Picture.fromarray(picture).save(out, "JPEG", quality=88)
    out.seek(0)
    rows, columns = picture.shape[:2]
    scale = min(PICTURE_WIDTH / columns, PICTURE_HEIGHT / rows)
    return [Image(out, width=columns * scale, height=rows * scale, hAlign="LEFT")]
