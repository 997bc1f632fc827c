"""All rows of the comparison, in the order of the table, and the pairs whose difference is measured."""

from inference.anatomy.regions import REGION_IDS
from training.comparison.classical_rows import grey_ridge, hog_ridge
from training.comparison.network_rows import region_network, whole_picture
from training.comparison.part_rows import covered_part
from training.comparison.plain_rows import chronological_age, mean, sex
from training.comparison.region_rows import artifact_head, corrected_by_sex, region_trees
from training.comparison.rows import Row

CARPALS = frozenset({"carpals"})
RADIUS_AND_ULNA = frozenset({"radius", "ulna"})
NO_CARPALS = frozenset(REGION_IDS) - CARPALS
FINGERS = NO_CARPALS - RADIUS_AND_ULNA

ROWS: tuple[Row, ...] = (
    Row("mean", "the mean, for everybody", "所有人取平均值", (), mean, seeded=False),
    Row("sex", "sex only", "仅性别", ("sex",), sex, seeded=False),
    Row(
        "age",
        "chronological age only",
        "仅实际年龄",
        ("chronological_age",),
        chronological_age(with_sex=False),
    ),
    Row(
        "age_sex",
        "chronological age + sex",
        "实际年龄 + 性别",
        ("chronological_age", "sex"),
        chronological_age(with_sex=True),
    ),
    Row(
        "grey",
        "grey values, PCA, ridge regression",
        "灰度 PCA + 岭回归",
        ("picture",),
        grey_ridge(with_sex=False),
    ),
    Row(
        "grey_sex",
        "grey values, PCA, ridge regression + sex",
        "灰度 PCA + 岭回归 + 性别",
        ("picture", "sex"),
        grey_ridge(with_sex=True),
    ),
    Row(
        "hog",
        "oriented gradients, ridge regression",
        "HOG + 岭回归",
        ("picture",),
        hog_ridge(with_sex=False),
        seeded=False,
    ),
    Row(
        "hog_sex",
        "oriented gradients, ridge regression + sex",
        "HOG + 岭回归 + 性别",
        ("picture", "sex"),
        hog_ridge(with_sex=True),
        seeded=False,
    ),
    Row(
        "whole_picture",
        "end-to-end network on the whole picture",
        "整图端到端网络",
        ("picture",),
        whole_picture(with_sex=False),
        costly=True,
    ),
    Row(
        "whole_picture_sex",
        "end-to-end network on the whole picture + sex",
        "整图端到端网络 + 性别",
        ("picture", "sex"),
        whole_picture(with_sex=True),
        costly=True,
    ),
    Row("regions", "region features", "区域特征", ("regions",), region_trees()),
    Row(
        "regions_sex",
        "region features + sex (six averages weighted by score)",
        "区域特征 + 性别（六类按得分加权平均）",
        ("regions", "sex"),
        region_trees(with_sex=True),
    ),
    Row(
        "regions_age",
        "region features + chronological age",
        "区域特征 + 实际年龄",
        ("regions", "chronological_age"),
        region_trees(with_chronological_age=True),
    ),
    Row(
        "regions_sex_age",
        "region features + sex + chronological age (the paper)",
        "区域特征 + 性别 + 实际年龄（论文）",
        ("regions", "sex", "chronological_age"),
        region_trees(with_sex=True, with_chronological_age=True),
    ),
    Row(
        "regions_plain_mean_sex",
        "region features + sex, six plain averages",
        "区域特征 + 性别（六类简单平均）",
        ("regions", "sex"),
        region_trees(with_sex=True, weights="mean"),
    ),
    Row(
        "regions_apart_sex",
        "region features + sex, all 17 kept apart",
        "区域特征 + 性别（17 区域不平均）",
        ("regions", "sex"),
        region_trees(with_sex=True, pooling="region"),
    ),
    Row(
        "regions_apart_sex_corrected",
        "the same with a linear correction by sex",
        "同上，按性别线性校正",
        ("regions", "sex"),
        corrected_by_sex(region_trees(with_sex=True, pooling="region")),
    ),
    Row(
        "region_attention_sex",
        "network over the 17 regions with attention + sex",
        "17 区域注意力网络 + 性别",
        ("regions", "sex"),
        region_network("attention"),
    ),
    Row(
        "region_concatenation_sex",
        "network over the 17 regions side by side + sex",
        "17 区域拼接网络 + 性别",
        ("regions", "sex"),
        region_network("concatenation"),
    ),
    *(
        Row(
            f"only_{name}_sex",
            f"region features + sex, {title_en}",
            f"区域特征 + 性别，{title_zh}",
            ("regions", "sex"),
            region_trees(with_sex=True, pooling="region", only=regions),
        )
        for name, regions, title_en, title_zh in (
            ("carpals", CARPALS, "carpals only", "仅腕骨"),
            ("no_carpals", NO_CARPALS, "all but the carpals", "除腕骨外"),
            ("radius_ulna", RADIUS_AND_ULNA, "radius and ulna only", "仅桡骨与尺骨"),
            ("fingers", FINGERS, "metacarpals and phalanges only", "仅掌骨与指骨"),
        )
    ),
    Row(
        "covered_carpals_sex",
        "carpals alone, the rest of the picture blanked, + sex",
        "仅腕骨（其余图像遮盖）+ 性别",
        ("regions", "sex"),
        covered_part("carpals"),
        costly=True,
    ),
    Row(
        "covered_no_carpals_sex",
        "all but the carpals, their box blanked, + sex",
        "除腕骨外（腕骨遮盖）+ 性别",
        ("regions", "sex"),
        covered_part("no_carpals"),
        costly=True,
    ),
    Row(
        "artifact",
        "the artifact's own head (learnt from train and validation)",
        "模型自带的骨龄回归器（训练集与验证集）",
        ("regions", "sex"),
        artifact_head(),
        seeded=False,
    ),
    Row(
        "artifact_carpals",
        "the artifact's own head as if the carpals alone had been found",
        "模型自带的骨龄回归器，仅用腕骨",
        ("regions", "sex"),
        artifact_head(CARPALS),
        seeded=False,
    ),
    Row(
        "artifact_no_carpals",
        "the artifact's own head as if the carpals were missing",
        "模型自带的骨龄回归器，缺腕骨",
        ("regions", "sex"),
        artifact_head(NO_CARPALS),
        seeded=False,
    ),
)

ROW_BY_NAME: dict[str, Row] = {row.name: row for row in ROWS}

PAIRS: tuple[tuple[str, str], ...] = (
    ("sex", "mean"),
    ("hog_sex", "hog"),
    ("grey_sex", "grey"),
    ("whole_picture_sex", "whole_picture"),
    ("regions_sex", "hog_sex"),
    ("regions_sex", "whole_picture_sex"),
    ("regions_sex", "regions"),
    ("regions_sex_age", "regions_sex"),
    ("regions_sex_age", "age_sex"),
    ("regions_sex", "age_sex"),
    ("regions_plain_mean_sex", "regions_sex"),
    ("regions_apart_sex", "regions_sex"),
    ("regions_apart_sex_corrected", "regions_apart_sex"),
    ("region_attention_sex", "regions_apart_sex"),
    ("region_concatenation_sex", "regions_apart_sex"),
    ("region_attention_sex", "region_concatenation_sex"),
    ("only_no_carpals_sex", "regions_apart_sex"),
    ("only_fingers_sex", "regions_apart_sex"),
    ("artifact", "regions_apart_sex"),
    ("covered_carpals_sex", "only_carpals_sex"),
    ("covered_no_carpals_sex", "only_no_carpals_sex"),
    ("only_carpals_sex", "artifact_carpals"),
    ("only_no_carpals_sex", "artifact_no_carpals"),
)
"""(first, second): the mean absolute error of the first less that of the second, on the same hands."""
