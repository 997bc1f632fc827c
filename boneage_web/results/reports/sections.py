"""What a report says, as titled lists of names and values; text, PDF and picture differ only in how they set them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from boneage_web.reports.page import Language
from boneage_web.results.facts import named_score
from boneage_web.results.reports.words import (
    moment,
    months_text,
    quality_message,
    signed_number,
    table_name,
    word,
    years_and_months,
)
from inference.anatomy.regions import REGION_BY_ID

CONTRIBUTIONS_SHOWN = 5
EARLIER_SHOWN = 6
Facts = Mapping[str, Any]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A title, its pairs, and sentences below them; on a printed page beside or under the film, or further down."""

    title: str
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...] = ()
    place: Literal["beside_film", "under_film", "left", "right"] = "right"


def sections(facts: Facts, growth: Sequence[Facts], language: Language) -> list[Section]:
    """The report in its order. ``growth``: the child's examinations that whoever asked may see."""
    found = [
        Section(word("child", language), tuple(_child(facts, language)), place="beside_film"),
        Section(word("findings", language), tuple(_findings(facts, language)), place="beside_film"),
        Section(
            word("impression", language),
            tuple(_impression(facts, language)),
            tuple(_warnings(facts, language)),
            place="beside_film",
        ),
        *_adult_height(facts, language),
        Section(word("quality", language), (), tuple(_quality(facts, language)), place="left"),
        Section(
            word("regions", language),
            tuple(_regions(facts, language)),
            tuple(_region_notes(facts, language)),
            place="left",
        ),
    ]
    others = _growth(facts, growth, language)
    if others:
        found.append(Section(word("earlier", language), tuple(others)))
    found.append(Section(word("model", language), tuple(_model(facts, language))))
    found.append(Section(word("signed_by", language), tuple(_signature(facts, language))))
    return found


def _child(facts: Facts, language: Language) -> list[Pair]:
    study, sex = facts["study"], facts["sex"]
    pairs = [
        (word("pseudonym", language), study["pseudonym"]),
        (word("sex", language), _with_source(sex and word(sex, language), facts["sex_source"], language)),
    ]
    if study["laterality"]:
        pairs.append((word("side", language), word(study["laterality"], language)))
    age = facts["chronological_age_months"]
    text = None if age is None else f"{years_and_months(age, language)} ({months_text(age, language)})"
    return [*pairs, (word("age", language), _with_source(text, facts["age_source"], language))]


def _with_source(text: str | None, source: str | None, language: Language) -> str:
    if not text:
        return word("unknown", language)
    return _joined(language, text, word(f"source_{source}", language)) if source else text


def _joined(language: Language, *parts: str) -> str:
    return ("; " if language == "en" else "；").join(parts)


def _findings(facts: Facts, language: Language) -> list[Pair]:
    months = facts["bone_age_months"]
    pairs = [(word("bone_age", language), _age(months, language)), (word("basis", language), _basis(facts, language))]
    if facts["interval_months"]:
        low, high = (years_and_months(edge, language) for edge in facts["interval_months"])
        coverage = facts["interval_coverage"]
        share = f" ({coverage:.0%})" if coverage is not None else ""
        pairs.append((word("interval", language), f"{low} – {high}{share}"))
    pairs += _beside(facts, language)
    for part in facts["parts"]:
        if part["bone_age_months"] is not None:
            pairs.append((word(f"{part['part']}_age", language), _age(part["bone_age_months"], language)))
    return pairs


def _beside(facts: Facts, language: Language) -> list[Pair]:
    """The age that does not stand on top: the model's without the site's correction, or with it."""
    local, prediction = facts["calibration"], facts["prediction"]
    if facts["basis"] == "calibrated" and prediction:
        return [(word("uncorrected", language), _age(prediction["bone_age_months"], language))]
    if facts["basis"] == "model" and local and local["bone_age_months"] is not None:
        return [(word("corrected", language), _age(local["bone_age_months"], language))]
    return []


def _age(months: float | None, language: Language) -> str:
    if months is None:
        return word("unknown", language)
    return f"{years_and_months(months, language)} ({months_text(months, language)})"


def _basis(facts: Facts, language: Language) -> str:
    return word(f"basis_{facts['basis']}", language)


def _impression(facts: Facts, language: Language) -> list[Pair]:
    pairs: list[Pair] = []
    if facts["difference_months"] is not None:
        difference = facts["difference_months"]
        pairs.append((word("difference", language), word("months", language, number=signed_number(difference))))
    row = named_score(facts)
    if row is None:
        return [*pairs, (word("reference", language), word("no_reference", language))]
    pairs.append((word("reference", language), table_name(row, language)))
    if row["sds"] is None:
        return [*pairs, (word("sds", language), word("no_reference", language))]
    low, high = (years_and_months(edge, language) for edge in row["normal_range_months"])
    pairs += [
        (word("sd", language), months_text(row["sd_months"], language)),
        (word("normal_range", language), f"{low} – {high}"),
        (word("sds", language), signed_number(row["sds"])),
        (word("class", language), word(row["class"], language)),
    ]
    return [*pairs, *_other_tables(facts, row, language)]


def _other_tables(facts: Facts, named: Facts, language: Language) -> list[Pair]:
    pairs = []
    for row in facts["sds"]:
        if row["table"] == named["table"]:
            continue
        score = word("no_reference", language) if row["sds"] is None else signed_number(row["sds"])
        called = "" if row["class"] is None else f", {word(row['class'], language)}"
        colon = ": " if language == "en" else "："
        pairs.append((f"{word('sds', language)}{colon}{table_name(row, language)}", score + called))
    return pairs


def _warnings(facts: Facts, language: Language) -> list[str]:
    return [word("check_identity", language)] if facts["check_identity"] else []


def _adult_height(facts: Facts, language: Language) -> list[Section]:
    """None without a height; results signed before there were heights do not speak of one."""
    said = facts.get("adult_height")
    if said is None:
        return []
    name = word("adult_height", language)
    pairs = [(word("height", language), _height(said["height"], language))]
    if said["predicted_cm"] is None:
        pairs.append((name, word("no_prediction", language, why=_no_prediction(said, language))))
    else:
        pairs.append((name, _centimetres(said["predicted_cm"], language)))
        pairs.append((word("adult_height_range", language), _height_range(said, language)))
        pairs.append((word("percent", language), f"{said['percent']:.1f} %"))
    if said["category"] is not None:
        pairs.append((word("category", language), word(said["category"], language)))
    chinese = language == "zh-Hans"
    table = said["table"]
    source = table["source_zh" if chinese else "source_en"]
    pairs.append((word("height_table", language), _joined(language, table_name(table, language), source)))
    notes = []
    if said["predicted_cm"] is not None:
        notes += [word("height_from_model", language)] if said["model_age"] else []
        notes.append(word("height_limits", language))
    if said["age_may_be_higher"] and said["category"] is not None:
        notes.append(word("height_age_may_be_higher", language))
    return [Section(name, tuple(pairs), tuple(notes), place="under_film")]


def _height(height: Facts, language: Language) -> str:
    days = height["days_from_film"]
    side = "before" if days < 0 else "after"
    key = "height_on_the_day" if days == 0 else f"height_day_{side}" if abs(days) == 1 else f"height_{side}"
    return _joined(language, _centimetres(height["height_cm"], language), word(key, language, days=abs(days)))


def _no_prediction(said: Facts, language: Language) -> str:
    first, last = (years_and_months(edge, language) for edge in said["covers_months"] or (0, 0))
    return word(said["refusal"], language, first=first, last=last)


def _height_range(said: Facts, language: Language) -> str:
    if said["range_cm"] is None:
        return word(f"range_{said['range_refusal']}", language)
    low, high = said["range_cm"]
    return f"{low:.1f} – {_centimetres(high, language)}"


def _centimetres(cm: float, language: Language) -> str:
    return word("centimetres", language, number=f"{cm:.1f}")


def _quality(facts: Facts, language: Language) -> list[str]:
    return [quality_message(one, language) for one in facts["quality"]] or [word("quality_none", language)]


def _regions(facts: Facts, language: Language) -> list[Pair]:
    prediction = facts["prediction"]
    if not prediction:
        return []
    text = word("regions_found", language, found=len(prediction["boxes"]))
    if prediction["missing_regions"]:
        comma = "; " if language == "en" else "、"
        names = comma.join(owner_name(one, language) for one in prediction["missing_regions"])
        text = _joined(language, text, word("regions_missing", language, names=names))
    pairs = [(word("regions", language), text)]
    largest = [one for one in prediction["contributions"] if one["months"]][:CONTRIBUTIONS_SHOWN]
    if largest:
        said = _joined(
            language, *(f"{owner_name(one['owner'], language)} {signed_number(one['months'])}" for one in largest)
        )
        pairs.append((word("contributions", language), said))
    return pairs


def _region_notes(facts: Facts, language: Language) -> list[str]:
    prediction = facts["prediction"]
    return [word("contributions_note", language)] if prediction and prediction["contributions"] else []


_TYPE_NAMES = {
    "metacarpal": ("metacarpals", "掌骨"),
    "proximal_phalanx": ("proximal phalanges", "近节指骨"),
    "distal_phalanx": ("distal phalanges", "远节指骨"),
}


def owner_name(owner: str, language: Language) -> str:
    """Name of a region, a type of region or an input."""
    region = REGION_BY_ID.get(owner)
    if region is not None:
        return region.name_zh if language == "zh-Hans" else region.name_en
    if owner in _TYPE_NAMES:
        return _TYPE_NAMES[owner][language == "zh-Hans"]
    return word(owner, language)


def _growth(facts: Facts, growth: Sequence[Facts], language: Language) -> list[Pair]:
    """The child's other films, the latest last; each with how bone age moved since the one before."""
    pairs = []
    for point in growth:
        if point["study"] == facts["study"]["id"]:
            continue
        text = _age(point["bone_age_months"], language)
        at = word("at_age", language, age=years_and_months(point["chronological_age_months"], language))
        pairs.append((at, text))
    here = next((one for one in growth if one["study"] == facts["study"]["id"]), None)
    change = here["change"] if here else None
    if pairs and change and change["rate"] is not None:
        noise = word("within_noise" if change["within_noise"] else "beyond_noise", language)
        rate = word("rate_value", language, rate=signed_number(change["rate"], 2).lstrip("+"))
        pairs.append((word("rate", language), _joined(language, rate, noise)))
    return pairs[-EARLIER_SHOWN:]


def _model(facts: Facts, language: Language) -> list[Pair]:
    prediction = facts["prediction"]
    if not prediction:
        return []
    model = prediction["model"]
    trained = model["trained_on"]
    pairs = [(word("model", language), model["label"]), (word("model_hash", language), model["hash"][:16])]
    if trained:
        number = f" (n = {trained['n']})" if trained["n"] is not None else ""
        pairs.append((word("trained_on", language), f"{trained['name']}{number}"))
    names = _joined(language, *(word(one, language).lower() for one in prediction["inputs_used"]))
    return [*pairs, (word("inputs", language), names)]


def _signature(facts: Facts, language: Language) -> list[Pair]:
    if facts["signed_by"] is None:
        return [(word("signed_by", language), word("not_signed", language))]
    who = _joined(
        language,
        facts["signed_by"]["display_name"],
        moment(facts["signed_at"], language),
        word("version", language, number=facts["version"]),
    )
    pairs = [(word("signed_by", language), who)]
    return [*pairs, (word("reason", language), facts["reason"])] if facts["reason"] else pairs
