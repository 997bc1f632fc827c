"""The furniture of printed pages: both languages, badges on every page, the same bytes for the same content."""

import re
import zlib
from base64 import a85decode
from contextlib import suppress

from boneage_web.reports.page import CHINESE, Badge, build_pdf, data_table, facts, heading, marked_up, paragraph


def pages_of(pdf: bytes) -> list[bytes]:
    """What is drawn on each page, uncompressed."""
    found = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S)
    pages = []
    for stream in found:
        raw = stream.strip()
        raw = a85decode(raw, adobe=False) if not raw.endswith(b"~>") else a85decode(b"<~" + raw, adobe=True)
        with suppress(zlib.error):  # a picture is packed otherwise
            pages.append(zlib.decompress(raw))
    return pages


def test_badges_and_footer_stand_on_every_page() -> None:
    story = [heading("Many lines", "en"), *(paragraph(f"Line {i}", "en") for i in range(120))]
    badges = [Badge("PRELIMINARY", "warn"), Badge("RESEARCH USE ONLY", "bad")]
    pdf = build_pdf(story, language="en", title="Title", subtitle="Sub", badges=badges, footer="Made here")
    pages = [page for page in pages_of(pdf) if b"BT" in page]
    assert len(pages) >= 2
    for page in pages:
        assert b"(PRELIMINARY)" in page
        assert b"(RESEARCH USE ONLY)" in page
        assert b"Made here" in page


def test_the_same_content_gives_the_same_bytes_and_other_content_others() -> None:
    def made(text: str) -> bytes:
        return build_pdf(
            [paragraph(text, "zh-Hans")], language="zh-Hans", title="骨龄", subtitle="", badges=[], footer=""
        )

    assert made("女孩") == made("女孩") != made("男孩")


def test_chinese_inside_an_english_line_changes_the_font_and_markup_is_escaped() -> None:
    assert marked_up("Dr 王 <b>") == f'Dr <font name="{CHINESE}">王</font> &lt;b&gt;'
    assert marked_up("−1.2 ± 0.3", "en") == "−1.2 ± 0.3"
    assert marked_up("王", "zh-Hans") == "王"
    assert marked_up("差 −3.2 个月", "zh-Hans") == '差 <font name="Helvetica">−3.2 </font>个月'
    assert marked_up("a<b 王", "zh-Hans").replace('<font name="Helvetica">', "").replace("</font>", "") == "a&lt;b 王"


def test_tables_take_both_languages() -> None:
    story = [
        facts([("Sex", "girl"), ("Reader", "李医生")], "en", width=300),
        data_table(["参照表", "SDS"], [["Brush", "+2.3"]], "zh-Hans", widths=[200, 80], numbers=[1]),
    ]
    pdf = build_pdf(story, language="en", title="T", subtitle="", badges=[], footer="")
    assert pdf.startswith(b"%PDF-")
    assert CHINESE.encode() in pdf
