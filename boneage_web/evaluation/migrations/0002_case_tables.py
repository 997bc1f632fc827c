"""Cases move out of the rows into frozen tables; what was counted of them is counted from there again."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import migrations, models

from boneage_web.evaluation.migrations import _frozen_cases as frozen


def freeze_cases(apps, schema_editor):
    for evaluation in apps.get_model("evaluation", "Evaluation").objects.filter(case_table=""):
        report = dict(evaluation.report)
        rows = [_row(case) for case in report.pop("cases")]
        kept = {name: report[name] for name in ("interval", "baselines", "model", "population", "synthetic") if name in report}
        evaluation.case_table = _keep(frozen.table_bytes(rows))
        evaluation.report = kept | {
            "truth_is_model": False,
            "table1": frozen.table1(rows),
            "detector": None,
            "n": len(rows),
            "overall": frozen.overall(rows),
            "offers": frozen.offers(rows),
        }
        evaluation.save()


def _keep(data):
    name = frozen.table_name(data)
    path = f"evaluation_cases/{name}.parquet"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(data))
    return name


def _row(case):
    low, high = case["interval_months"] or (None, None)
    return {
        "id": case["id"],
        "study": case["study"] or "",
        "sex": case["sex"],
        "consensus": case["truth_months"],
        "predicted": case["predicted_months"],
        "chronological": case["chronological_age_months"],
        "low": low,
        "high": high,
    }


class Migration(migrations.Migration):

    dependencies = [("evaluation", "0001_initial")]

    operations = [
        migrations.AddField("evaluation", "case_table", models.CharField(max_length=64, default=""), preserve_default=False),
        migrations.RunPython(freeze_cases, migrations.RunPython.noop),
    ]
