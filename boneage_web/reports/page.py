"""A4 pages in PDF: fonts for both languages, badges that travel into every page, tables, header and footer.

Latin text is set in Helvetica, Chinese in STSong-Light. Both are standard fonts that every viewer brings along, so no
font file ships; a run of Chinese inside an English line (somebody's name) changes the font by itself.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepInFrame, Paragraph, SimpleDocTemplate, Table, TableStyle

Language = Literal["en", "zh-Hans"]
Tone = Literal["warn", "bad", "info", "good"]

LATIN, LATIN_BOLD, CHINESE = "Helvetica", "Helvetica-Bold", "STSong-Light"
MARGIN = 16 * mm
CONTENT_WIDTH = A4[0] - 2 * MARGIN
TOP, BOTTOM = 34 * mm, 18 * mm
CONTENT_HEIGHT = A4[1] - TOP - BOTTOM - 14
"""A frame of the page has 6 points of padding at either end."""
INK, QUIET, LINE = colors.HexColor("#1b1d21"), colors.HexColor("#5c626c"), colors.HexColor("#d5d8dd")
_TONES = {"warn": "#8a5a00", "bad": "#a4201a", "info": "#1c5fa8", "good": "#1d6b3a"}
_NOT_LATIN = re.compile(r"[^\u0000-\u024f\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2212\u2264\u2265]+")
_LATIN_RUN = re.compile(
    r"&\w+;|[!-%'-~\u00a0-\u024f\u2010-\u2013\u2212\u2264\u2265][ -%'-~\u00a0-\u024f\u2010-\u2013\u2212]*"
)
_SPACES = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0"})

pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


@dataclass(frozen=True, slots=True)
class Badge:
    """A word that must not be missed, such as PRELIMINARY; drawn with a frame on every page."""

    text: str
    tone: Tone


def marked_up(text: str, language: Language = "en") -> str:
    """Text for a Paragraph: escaped, and with the font that has its characters."""
    safe = escape(text.translate(_SPACES))
    if language == "zh-Hans":  # the Chinese font lacks the true minus and the middle dot, and sets figures narrow
        return _LATIN_RUN.sub(lambda run: f'<font name="{LATIN}">{run.group()}</font>', safe)
    return _NOT_LATIN.sub(lambda run: f'<font name="{CHINESE}">{run.group()}</font>', safe)


def style(language: Language, *, size: float = 9, bold: bool = False, quiet: bool = False, right: bool = False) -> Any:
    """A paragraph style. Chinese has no bold face in this font: it is set a little larger instead."""
    chinese = language == "zh-Hans"
    if chinese and bold:
        size += 0.8
    return ParagraphStyle(
        f"{language}-{size}-{bold}-{quiet}-{right}",
        fontName=CHINESE if chinese else LATIN_BOLD if bold else LATIN,
        fontSize=size,
        leading=size * 1.32,
        textColor=QUIET if quiet else INK,
        wordWrap="CJK" if chinese else None,
        alignment=TA_RIGHT if right else 0,
    )


def paragraph(text: str, language: Language, **look: Any) -> Paragraph:
    """Plain text as a paragraph; see :func:`style`."""
    return Paragraph(marked_up(text, language), style(language, **look))


def heading(text: str, language: Language) -> Paragraph:
    """Title of a section."""
    look = style(language, size=10, bold=True)
    look.spaceBefore, look.spaceAfter = 7, 2
    return Paragraph(marked_up(text, language), look)


def facts(entries: Sequence[tuple[str, str]], language: Language, *, width: float, name_share: float = 0.36) -> Table:
    """Names and values, one pair a line."""
    rows = [[paragraph(name, language, quiet=True), paragraph(value, language)] for name, value in entries]
    table = Table(rows or [["", ""]], colWidths=[width * name_share, width * (1 - name_share)], hAlign="LEFT")
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(1.2, left=0)]))
    return table


def data_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    language: Language,
    *,
    widths: Sequence[float],
    numbers: Sequence[int] = (),
    size: float = 8.5,
) -> Table:
    """A table with a header line; the columns counted in ``numbers`` are set to the right."""
    head = [paragraph(name, language, size=size, quiet=True, right=i in numbers) for i, name in enumerate(columns)]
    body = [[paragraph(cell, language, size=size, right=i in numbers) for i, cell in enumerate(row)] for row in rows]
    table = Table([head, *body], colWidths=list(widths), repeatRows=1, hAlign="LEFT")
    look = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), *_padding(1.6, left=2)]
    table.setStyle(TableStyle(look))
    return table


def _padding(vertical: float, *, left: float) -> list[tuple[Any, ...]]:
    everywhere = ((0, 0), (-1, -1))
    return [
        ("TOPPADDING", *everywhere, vertical),
        ("BOTTOMPADDING", *everywhere, vertical),
        ("LEFTPADDING", *everywhere, left),
        ("RIGHTPADDING", *everywhere, 4),
    ]


def on_one_page(story: Sequence[Flowable]) -> Flowable:
    """The story as one piece that is made smaller where it would not fit a page."""
    return KeepInFrame(CONTENT_WIDTH, CONTENT_HEIGHT, list(story), mode="shrink", hAlign="LEFT")


def build_pdf(
    story: Sequence[Flowable], *, language: Language, title: str, subtitle: str, badges: Sequence[Badge], footer: str
) -> bytes:
    """The pages as a PDF. Title, badges and footer stand on each of them."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=title,
        author="",
        lang="zh-CN" if language == "zh-Hans" else "en",
        invariant=True,  # the same content gives the same bytes
    )

    def furniture(canvas: Canvas, _: Any) -> None:
        canvas.saveState()
        _header(canvas, language, title, subtitle, badges)
        _footer(canvas, language, footer)
        canvas.restoreState()

    document.build(list(story), onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def _header(canvas: Canvas, language: Language, title: str, subtitle: str, badges: Sequence[Badge]) -> None:
    top = A4[1] - 11 * mm
    for text, look, drop in (
        (title, style(language, size=15, bold=True), 1.0),
        (subtitle, style(language, size=8.5, quiet=True), 7.5 * mm),
    ):
        drawn = Paragraph(marked_up(text, language), look)
        _, height = drawn.wrap(CONTENT_WIDTH, 20 * mm)
        drawn.drawOn(canvas, MARGIN, top - drop - height + 6)
    left, bottom = MARGIN, A4[1] - 30 * mm
    for badge in badges:
        chinese = bool(_NOT_LATIN.search(badge.text))
        font, size = (CHINESE, 9.5) if chinese else (LATIN_BOLD, 8.5)
        width = canvas.stringWidth(badge.text, font, size) + 10
        canvas.setStrokeColor(colors.HexColor(_TONES[badge.tone]))
        canvas.setFillColor(colors.HexColor(_TONES[badge.tone]))
        canvas.setLineWidth(1.1)
        canvas.roundRect(left, bottom, width, 15, 3, stroke=1, fill=0)
        canvas.setFont(font, size)
        canvas.drawString(left + 5, bottom + 4.4, badge.text)
        left += width + 6


def _footer(canvas: Canvas, language: Language, footer: str) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 15 * mm, A4[0] - MARGIN, 15 * mm)
    look = style(language, size=7, quiet=True)
    drawn = Paragraph(marked_up(footer, language), look)
    _, height = drawn.wrap(CONTENT_WIDTH - 20, 12 * mm)
    drawn.drawOn(canvas, MARGIN, 14 * mm - height)
    canvas.setFillColor(QUIET)
    canvas.setFont(LATIN, 7)
    canvas.drawRightString(A4[0] - MARGIN, 14 * mm - 8, str(canvas.getPageNumber()))
