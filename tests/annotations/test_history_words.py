"""Every act that the code writes into the history has words on its pages, in both languages."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
I18N = ROOT / "frontend" / "src" / "i18n"


def written_verbs() -> Iterator[tuple[str, bool]]:
    """Each verb that stands as a constant in a call of `record_event`, and whether it goes to the site's history."""
    for package in ("annotations", "boneage_web"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_event"):
                    continue
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                study, act = given["study"], given["verb"]
                of_site = isinstance(study, ast.Constant) and study.value is None
                for verb in (act.body, act.orelse) if isinstance(act, ast.IfExp) else (act,):
                    if isinstance(verb, ast.Constant) and isinstance(verb.value, str):
                        yield verb.value, of_site


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_act_has_words(language: str) -> None:
    words = json.loads((I18N / language / "history.json").read_text())
    verbs = set(written_verbs())
    assert {("register", True), ("sign", False)} <= verbs
    wordless = [
        verb
        for verb, of_site in sorted(verbs)
        if not (any(key.endswith(f"_{verb}") for key in words["siteVerb"]) if of_site else verb in words["verb"])
    ]
    assert wordless == []
