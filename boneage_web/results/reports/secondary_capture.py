"""A result as a picture for viewers that read no SR: the film with its boxes, and the numbers beside it.

The words in the picture carry no identity; patient and examination stand in the header alone.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import highdicom as hd
import numpy as np
from highdicom.sc import SCImage
from PIL import Image, ImageDraw, ImageFont

from boneage_web.reports.page import Language
from boneage_web.results.facts import named_score
from boneage_web.results.reports.dicom_target import MANUFACTURER, Target, finish, object_uid
from boneage_web.results.reports.picture import RGB
from boneage_web.results.reports.sections import sections
from boneage_web.results.reports.words import badges, signed_number, word, years_and_months

ROWS, PANEL_COLUMNS, MARGIN = 1536, 820, 36
SERIES_NUMBER = 9902
_CHINESE_FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc"),
)
_CHINESE_FACE = 2  # Simplified Chinese among the faces of the collection
_INK, _QUIET = (240, 240, 240), (165, 170, 178)
_TONES = {"warn": (240, 190, 80), "bad": (255, 120, 110), "info": (120, 185, 255), "good": (120, 215, 150)}


class NoFontError(Exception):
    """Chinese words need fonts-noto-cjk on the machine that draws them; they are not drawn as boxes instead."""


def secondary_capture(facts: Mapping[str, Any], picture: RGB, target: Target, language: Language) -> SCImage:
    """The object, ready to be written. Raises NoFontError."""
    pixels = captured(facts, picture, language)
    made = SCImage(
        pixel_array=pixels,
        photometric_interpretation=hd.PhotometricInterpretationValues.RGB,
        bits_allocated=8,
        coordinate_system=hd.CoordinateSystemNames.PATIENT,
        study_instance_uid=str(target.evidence.StudyInstanceUID),
        series_instance_uid=object_uid(facts, "sc-series", target),
        series_number=SERIES_NUMBER,
        sop_instance_uid=object_uid(facts, "sc", target),
        instance_number=1,
        manufacturer=MANUFACTURER,
        patient_id=target.evidence.PatientID,
        patient_name=target.evidence.PatientName,
        patient_birth_date=target.evidence.PatientBirthDate or None,
        patient_sex=target.evidence.PatientSex or None,
        accession_number=target.evidence.AccessionNumber,
        study_id="",
        study_date=target.evidence.StudyDate or None,
        study_time=target.evidence.StudyTime or None,
        referring_physician_name="",
        laterality=facts["study"]["laterality"],
        patient_orientation=("L", "F"),  # highdicom asks for one; a page of words has none, see below
    )
    made.PatientOrientation = ""
    made.Modality = "OT"
    made.BurnedInAnnotation = "NO"
    made.ConversionType = "WSD"
    made.DerivationDescription = "Film with the model's boxes and the result; not for diagnosis"
    made.SourceImageSequence = [_reference(target)]
    return finish(made, target)


def _reference(target: Target) -> Any:
    item = hd.sr.SourceImageForRegion(str(target.evidence.SOPClassUID), str(target.evidence.SOPInstanceUID))
    return item.ReferencedSOPSequence[0]


def captured(facts: Mapping[str, Any], picture: RGB, language: Language) -> RGB:
    """[1536 or more, columns, 3]: the film on the left, the words on the right; all of them."""
    film = Image.fromarray(picture)
    scale = ROWS / film.height
    film = film.resize((max(1, round(film.width * scale)), ROWS), Image.Resampling.LANCZOS)
    page = Image.new("RGB", (film.width + PANEL_COLUMNS, 3 * ROWS), (14, 15, 17))
    page.paste(film, (0, 0))
    needed = _Panel(page, film.width + MARGIN, language).write(facts) + MARGIN
    return np.asarray(page.crop((0, 0, page.width, max(ROWS, needed))))


class _Panel:
    """Writes lines from top to bottom, broken where the panel ends."""

    def __init__(self, page: Image.Image, left: int, language: Language) -> None:
        self.draw, self.left, self.language = ImageDraw.Draw(page), left, language
        self.width, self.top = PANEL_COLUMNS - 2 * MARGIN, MARGIN

    def write(self, facts: Mapping[str, Any]) -> int:
        """Returns the row where the words end."""
        language = self.language
        for badge in badges(facts, language):
            self.line(badge.text, 30, _TONES[badge.tone])
        self.top += 18
        self.line(word("bone_age", language), 28, _QUIET)
        months = facts["bone_age_months"]
        self.line(word("unknown", language) if months is None else years_and_months(months, language), 76, _INK)
        row = named_score(facts)
        if row is not None and row["sds"] is not None:
            self.line(f"SDS {signed_number(row['sds'])} · {word(row['class'], language)}", 36, _INK)
        hidden = word("pseudonym", language)
        for section in _without_growth(facts, language):
            self.top += 14
            self.line(section.title, 28, _INK)
            for name, value in section.pairs:
                if name != hidden:
                    self.line(f"{name}: {value}", 24, _QUIET)
            for note in section.notes:
                self.line(note, 24, _QUIET)
        self.top += 14
        self.line(word("limits_text", language), 20, _QUIET)
        return self.top

    def line(self, text: str, size: int, colour: tuple[int, int, int]) -> None:
        font = _font(size, text)
        for part in _broken(text, font, self.width, self.draw):
            self.draw.text((self.left, self.top), part, font=font, fill=colour)
            self.top += round(size * 1.35)


def _without_growth(facts: Mapping[str, Any], language: Language) -> Sequence[Any]:
    return sections(facts, (), language)


def _font(size: int, text: str) -> Any:
    """A Latin font comes with Pillow; Chinese ones come with the system."""
    if all(ord(letter) < 0x2E80 for letter in text):
        return ImageFont.load_default(size)
    for path in _CHINESE_FONTS:
        if path.exists():
            return ImageFont.truetype(str(path), size, index=_CHINESE_FACE)
    raise NoFontError("Chinese words in a picture need the package fonts-noto-cjk on this machine.")


def _broken(text: str, font: Any, width: int, draw: ImageDraw.ImageDraw) -> list[str]:
    """Lines that fit: broken at spaces, and Chinese anywhere."""
    lines, line = [], ""
    pieces = text.split(" ")
    words = [piece + " " for piece in pieces[:-1]] + [pieces[-1]]
    units = [unit for one in words for unit in (list(one) if any(ord(c) >= 0x2E80 for c in one) else [one])]
    for unit in units:
        if line and draw.textlength(line + unit, font=font) > width:
            lines.append(line.rstrip())
            line = ""
        line += unit
    return [*lines, line.rstrip()]
