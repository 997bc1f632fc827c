"""One Chinese word for each thing: the table of decision 0095 is kept everywhere."""

import re
from pathlib import Path

from tests.architecture.test_house_rules import ROOT, _text, _tracked_files

DECISION = ROOT / "docs" / "decisions" / "0095-one-chinese-word-for-each-thing.md"
SPOKEN = {".json", ".md", ".py", ".ts", ".tsx", ".html", ".css"}


def refused_words() -> dict[str, str]:
    """Refused word -> the word to say instead."""
    rows = re.findall(r"^\| [a-z ]+ \| (\S+) \| (\S+) \|$", DECISION.read_text(), flags=re.MULTILINE)
    return {word: instead for instead, words in rows for word in words.split("、")}


def test_no_text_says_it_in_another_word() -> None:
    refused = refused_words()
    assert set(refused.values()) == {
        "共识",
        "阅片",
        "实际年龄",
        "仲裁",
        "复阅",
        "无法阅片",
        "标注者",
        "阅片者",
        "审核者",
    }
    guilty = [
        f"{path.relative_to(ROOT)}: {word} (say {instead})"
        for path in _tracked_files()
        if path.suffix in SPOKEN and path != DECISION
        for word, instead in refused.items()
        if word in _text(path)
    ]
    assert not guilty


def test_the_words_are_in_use() -> None:
    said = "".join(path.read_text() for path in Path(ROOT / "frontend/src/i18n/zh-Hans").glob("*.json"))
    assert all(word in said for word in refused_words().values())
