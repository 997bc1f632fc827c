"""A folder as labelImg leaves it: pictures, and beside them (or in a second folder) the boxes of each.

As labelImg does it (``labelImg.py``, ``show_bounding_box_from_annotation_file``): pictures are looked for in all
folders below; boxes lie beside the picture, or all in the one save folder; XML goes before YOLO's text. CreateML's
JSON, its third format, is not read. The pictures are no DICOM: each is wrapped (:mod:`inference.imaging.wrap_picture`)
and takes the gate like any film, so it is cleaned, checked and met again as a duplicate.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from annotations.base.errors import Refusal
from annotations.exchange.box_sources import SUFFIX_OF, BoxFormat, BoxItem, box_items
from annotations.exchange.take_boxes import Taken, TakenAs
from annotations.exchange.take_files import take_item
from annotations.models import Cohort, Person, Radiograph, Study
from annotations.services.intake import IntakeOutcome, Reason, receive, refuse_at_door
from annotations.services.studies import state_facts
from annotations.states import Door, IntakeResult, Sex
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.findings import BoxFinding
from inference.imaging.errors import FilmError
from inference.imaging.film import FilmFacts
from inference.imaging.pseudonyms import stand_in_uid
from inference.imaging.wrap_picture import wrap_picture
from inference.stated_facts import FactError, Stated, facts_for, row_of

PICTURES = (".png", ".jpg", ".jpeg")
OTHER_PICTURES = (".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm", ".ico", ".svg", ".xbm", ".xpm")
"""What labelImg opens as well and no radiograph should be."""

FORMATS_OF_LABELIMG: tuple[BoxFormat, ...] = ("voc", "yolo")
"""In the order in which labelImg looks for them."""


@dataclass(frozen=True, slots=True)
class LabelImgOutcome:
    """How one picture and its boxes ended.

    Attributes:
        film: of the gate; None for a file that is no PNG or JPEG.
        boxes: of its boxes; None where there is no box file.
        facts_refused: why what the table states of the child could not be used, English and Chinese; None if it was.
    """

    film: IntakeOutcome | None
    boxes: Taken | None
    facts_refused: tuple[str, str] | None = None


def pictures_in(folder: Path) -> list[Path]:
    """Every picture below, hidden ones left out, in sorted order."""
    kinds = (*PICTURES, *OTHER_PICTURES)
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in kinds)
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def take_folder(
    folder: Path,
    *,
    boxes_folder: Path | None,
    author: Person,
    cohort: Cohort | None,
    class_map: ClassMap,
    facts: Mapping[str, Stated],
    classes: Sequence[str] = (),
    scale: bool = False,
    submit: bool = False,
) -> Iterator[tuple[Path, LabelImgOutcome]]:
    """Each picture with how it ended; goes on after a refusal.

    Args:
        boxes_folder: labelImg's save folder, if it is not the pictures'.
        facts: what is known of the children, by file (:func:`inference.stated_facts.read_table`).
        classes: names of YOLO's class numbers, instead of the list beside the files.
    """
    for path in pictures_in(folder):
        if path.suffix.lower() in OTHER_PICTURES:
            yield path, LabelImgOutcome(None, Taken(TakenAs.REFUSED, (BoxFinding("unsupported_kind"),)))
            continue
        film, radiograph = _film(path, cohort)
        item = _boxes_beside(path, boxes_folder or path.parent, classes)
        if radiograph is None:
            reason = "film_blocked" if film.outcome is IntakeResult.BLOCKED else "film_refused"
            taken = Taken(TakenAs.REFUSED, (BoxFinding(reason),)) if item else None
            yield path, LabelImgOutcome(film, taken)
            continue
        refused = _state(author, radiograph.study, row_of(facts, str(path.relative_to(folder))))
        taken = None
        if isinstance(item, BoxFinding):
            taken = Taken(TakenAs.REFUSED, (item,), radiograph.pk)
        elif item is not None:
            taken = take_item(item, radiograph, author=author, class_map=class_map, scale=scale, submit=submit)
        yield path, LabelImgOutcome(film, taken, refused)


def _film(path: Path, cohort: Cohort | None) -> tuple[IntakeOutcome, Radiograph | None]:
    """The picture through the gate, and the radiograph that it is, now or since an earlier time."""
    try:
        wrapped = wrap_picture(path.read_bytes())
    except OSError:
        return _refused(path, Reason.at_door("unreadable_file"), cohort), None
    except FilmError as error:
        return _refused(path, Reason.of(error.code, **error.words), cohort), None
    outcome = receive(data=wrapped.data, filename=str(path), by=None, cohort=cohort, door=Door.COMMAND)
    uid = stand_in_uid(wrapped.sop_instance_uid, key=settings.DEIDENTIFICATION_KEY)
    return outcome, Radiograph.objects.select_related("study").filter(sop_instance_uid=uid).first()


def _refused(path: Path, reason: Reason, cohort: Cohort | None) -> IntakeOutcome:
    refuse_at_door(reason, door=Door.COMMAND, cohort=cohort)
    return IntakeOutcome(str(path), IntakeResult.REJECTED, reason)


def _boxes_beside(path: Path, folder: Path, classes: Sequence[str]) -> BoxItem | BoxFinding | None:
    for format in FORMATS_OF_LABELIMG:
        file = folder / f"{path.stem}{SUFFIX_OF[format]}"
        if file.is_file():
            found = next(box_items(file, format=format, classes=classes), None)
            return found if found is None or isinstance(found, BoxItem) else found.finding
    return None


def _state(author: Person, study: Study, row: Stated) -> tuple[str, str] | None:
    """State sex and age of the table under the author's name; what stands there already is not stated again."""
    try:
        facts = facts_for(FilmFacts(modality="RG"), option=Stated(), table=row)
        sex = Sex(facts.sex) if facts.sex and study.sex != facts.sex else None
        age = facts.chronological_age_months
        age = None if age == study.chronological_age_months else age
        if sex is not None or age is not None:
            state_facts(person=author, study=study, sex=sex, chronological_age_months=age)
    except (FactError, Refusal) as error:
        return error.message, "表格中的性别或年龄无法采用。"
    except FilmError as error:
        return error.message, error.message_zh
    return None


__all__ = ["LabelImgOutcome", "pictures_in", "take_folder"]
