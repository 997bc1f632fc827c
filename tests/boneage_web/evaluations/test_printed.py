"""Report and model card on paper."""

import pytest
from django.test import Client

from boneage_web.evaluation.models import Evaluation
from tests.boneage_web.evaluations.asking import get
from tests.boneage_web.test_report_page import pages_of

pytestmark = pytest.mark.django_db


def is_drawn(text: str, pages: bytes) -> bool:
    """Whether plain letters stand on the pages: in the Latin font, or in the Chinese one in two bytes a letter."""
    return text.encode() in pages or b"".join(b"\\000" + letter.encode() for letter in text) in pages


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("name", ["report.pdf", "model-card.pdf"])
def test_paper_says_what_the_page_says_and_what_its_numbers_rest_on(
    browser: Client, evaluation: Evaluation, name: str, language: str
) -> None:
    response = get(browser, evaluation, f"/{name}", language=language, sex="F")
    assert response["Content-Type"] == "application/pdf"
    pages = [page for page in pages_of(response.content) if b"BT" in page]
    assert pages
    drawn = b" ".join(pages)
    overall = get(browser, evaluation, "/figures/headline", sex="F").json()["values"]["overall"]
    for text in (f"{overall['mae_months'] / 12:.2f}", evaluation.case_table[:16]):
        assert is_drawn(text, drawn)
    if language == "en":
        assert all(b"(SYNTHETIC FILMS)" in page and b"(RESEARCH USE ONLY)" in page for page in pages)
    if (name, language) == ("model-card.pdf", "en"):
        assert b"MISSING: external validation" in drawn
    assert get(browser, evaluation, f"/{name}", language=language, sex="F").content == response.content


def test_paper_of_no_case_is_paper(browser: Client, evaluation: Evaluation) -> None:
    for name in ("report.pdf", "model-card.pdf"):
        assert get(browser, evaluation, f"/{name}", site="unheard of").content.startswith(b"%PDF")
