"""A result as plain text, to be pasted into a report."""

from collections.abc import Mapping, Sequence
from typing import Any

from boneage_web.reports.page import Language
from boneage_web.results.reports.sections import sections
from boneage_web.results.reports.words import badges, word


def report_text(facts: Mapping[str, Any], growth: Sequence[Mapping[str, Any]], language: Language) -> str:
    """Lines that end with a newline; badges on top, limits at the end."""
    colon = ": " if language == "en" else "："
    lines = [word("title", language), " | ".join(badge.text for badge in badges(facts, language)), ""]
    for section in sections(facts, growth, language):
        lines.append(section.title.upper() if language == "en" else f"【{section.title}】")
        lines += [f"{name}{colon}{value}" for name, value in section.pairs]
        lines += list(section.notes)
        lines.append("")
    return "\n".join([*lines, f"{word('limits', language)}{colon}{word('limits_text', language)}", ""])
