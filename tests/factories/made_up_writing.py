"""Lines of made-up writing as a picture: names in pinyin and in Chinese, numbers, dates, lead markers with initials."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Kind = Literal["latin", "chinese", "mixed", "id", "date", "lines", "marker"]

_FONTS = Path("/usr/share/fonts/opentype/noto")
"""Debian's fonts-noto-cjk."""
_CHINESE_FACES = ("NotoSansCJK-Regular", "NotoSansCJK-Bold", "NotoSerifCJK-Regular", "NotoSerifCJK-Bold")
_STROKE_FACES = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
)
_BY_HAND = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红娥玲芬雨欣子涵浩然梓轩思佳晨曦宇航诗琪"
_FAMILY_PINYIN = ("WANG", "LI", "ZHANG", "LIU", "CHEN", "YANG", "ZHAO", "HUANG", "ZHOU", "WU", "XU", "SUN", "SHEN")
_SYLLABLES = (
    "HAO", "RAN", "ZI", "HAN", "YU", "XIN", "MING", "ZE", "JIA", "YI", "SI", "QI", "WEN", "BO", "RUO", "XI", "LE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writing:
    """Lines as they read.

    Attributes:
        ink: float32 [rows, columns], 0 to 1, with a margin of half a sign.
        lines: what stands there, top to bottom.
        line_rows: first row and row after the last of each line, a little more than its signs.
        sign_px: height of a capital letter or a Chinese character.
    """

    ink: NDArray[np.float32]
    lines: tuple[str, ...]
    line_rows: tuple[tuple[int, int], ...]
    sign_px: float

    def shrunk(self, factor: float) -> "Writing":
        """The same, smaller."""
        ink = cv2.resize(self.ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        rows = tuple((round(top * factor), round(bottom * factor)) for top, bottom in self.line_rows)
        return Writing(ink, self.lines, rows, self.sign_px * factor)


def chinese_fonts_installed() -> bool:
    """Whether Chinese characters can be drawn (Debian: fonts-noto-cjk)."""
    return all((_FONTS / f"{face}.ttc").is_file() for face in _CHINESE_FACES)


def made_up_lines(kind: Kind, rng: np.random.Generator, *, chinese: bool) -> tuple[str, ...]:
    """What a film of that kind carries; with ``chinese``, a name above other lines may be in characters."""
    given = "".join(_GIVEN[k] for k in rng.integers(0, len(_GIVEN), int(rng.integers(1, 3))))
    in_characters = _FAMILY[rng.integers(len(_FAMILY))] + given
    syllables = "".join(_SYLLABLES[k] for k in rng.integers(0, len(_SYLLABLES), int(rng.integers(1, 3))))
    in_pinyin = f"{_FAMILY_PINYIN[rng.integers(len(_FAMILY_PINYIN))]} {syllables}"
    in_pinyin = in_pinyin if rng.uniform() < 0.7 else in_pinyin.title()
    number = ("ID ", "P", "", "No.", "MRN:")[rng.integers(5)] + str(rng.integers(100_000, 100_000_000))
    year, month, day = rng.integers(2004, 2020), rng.integers(1, 13), rng.integers(1, 29)
    date = (f"{year}-{month:02}-{day:02}", f"{year}{month:02}{day:02}", f"{day:02}/{month:02}/{year}")[rng.integers(3)]
    initials = "".join(chr(ord("A") + int(k)) for k in rng.integers(0, 26, int(rng.integers(2, 4))))
    return {
        "latin": (in_pinyin,),
        "chinese": (in_characters,),
        "mixed": (f"{in_characters} {'男女'[rng.integers(2)]} {rng.integers(3, 18)}岁",),
        "id": (number,),
        "date": (date,),
        "lines": (in_characters if chinese and rng.uniform() < 0.3 else in_pinyin, number, date)[: rng.integers(2, 4)],
        "marker": ("LR"[rng.integers(2)], initials),
    }[kind]


def write(
    lines: tuple[str, ...], kind: Kind, sign_px: float, rng: np.random.Generator, *, by_hand: bool = False
) -> Writing:
    """Draws the lines in a face that fits them; by hand: in script where there is one, and wavering."""
    by_strokes = all(line.isascii() for line in lines) and (by_hand or rng.uniform() < 0.6)
    face = int(rng.integers(len(_STROKE_FACES if by_strokes else _CHINESE_FACES)))
    weight = float(rng.uniform(1.2, 2.6))
    drawn = []
    for number, line in enumerate(lines):
        # on a lead marker the initials are smaller than the side
        high = sign_px * (0.5 if kind == "marker" and number else 1.0)
        stroke_face = _BY_HAND if by_hand else _STROKE_FACES[face]
        drawn.append(_by_strokes(line, high, stroke_face, weight) if by_strokes else _by_font(line, high, face))
    gap, margin = round(0.45 * sign_px), max(2, round(0.5 * sign_px))
    tall = sum(one.shape[0] for one in drawn) + gap * (len(drawn) - 1) + 2 * margin
    ink = np.zeros((tall, max(one.shape[1] for one in drawn) + 2 * margin), np.float32)
    top, rows = margin, []
    for one in drawn:
        bottom = top + one.shape[0]
        ink[top:bottom, margin : margin + one.shape[1]] = one
        rows.append((max(0, top - gap // 2), bottom + gap // 2))
        top = bottom + gap
    return Writing(_wavered(ink, sign_px, rng) if by_hand else ink, lines, tuple(rows), sign_px)


def _by_strokes(line: str, sign_px: float, face: int, weight: float) -> NDArray[np.float32]:
    thick = max(1, round(weight * sign_px / 21))
    scale = cv2.getFontScaleFromHeight(face, max(4, round(sign_px)), thick)
    (width, height), below = cv2.getTextSize(line, face, scale, thick)
    canvas = np.zeros((height + below + 2 * thick, width + 2 * thick), np.uint8)
    cv2.putText(canvas, line, (thick, height + thick), face, scale, 255, thick, cv2.LINE_AA)
    return canvas.astype(np.float32) / 255


def _by_font(line: str, sign_px: float, face: int) -> NDArray[np.float32]:
    # a capital of Noto CJK is 0.73 of the size high, a character 0.92
    size = sign_px / (0.73 if line.isascii() else 0.92)
    path = _FONTS / f"{_CHINESE_FACES[face]}.ttc"
    font = ImageFont.truetype(path, size, index=2) if path.is_file() else ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(line)
    image = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2))
    ImageDraw.Draw(image).text((1 - left, 1 - top), line, fill=255, font=font)
    return np.asarray(image, np.float32) / 255


def _wavered(canvas: NDArray[np.float32], sign_px: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Each place moved by up to a tenth of a sign, smoothly: no two letters alike, no line quite straight."""
    moved = []
    for axis in range(2):
        shift = cv2.GaussianBlur(rng.standard_normal(canvas.shape).astype(np.float32), (0, 0), 0.7 * sign_px)
        shift *= np.float32(0.1 * sign_px / max(float(np.abs(shift).max()), 1e-6))
        moved.append(np.indices(canvas.shape, np.float32)[1 - axis] + shift)
    wavered: NDArray[np.float32] = cv2.remap(canvas, moved[0], moved[1], cv2.INTER_LINEAR)
    return wavered
