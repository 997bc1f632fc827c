"""Cases move out of the rows into frozen tables; what was counted of them is counted from there again."""

from django.db import migrations, models

from boneage_web.evaluation.services.tables import keep_table
from inference.statistics.case_filter import CaseFilter, offers_of
from inference.statistics.case_table import CaseTable
from inference.statistics.figures.headline import headline
from inference.statistics.figures.population import Member, distribution


def freeze_cases(apps, schema_editor):
    for evaluation in apps.get_model("evaluation", "Evaluation").objects.filter(case_table=""):
        report = dict(evaluation.report)
        cases = report.pop("cases")
        table = CaseTable.from_rows([_row(case) for case in cases])
        shown = headline(table, CaseFilter())
        members = [Member("all", case["sex"], case["truth_months"], case["chronological_age_months"]) for case in cases]
        kept = {name: report[name] for name in ("interval", "baselines", "model", "population", "synthetic") if name in report}
        evaluation.case_table = keep_table(table)
        evaluation.report = kept | {
            "truth_is_model": False,
            "table1": distribution(members),
            "detector": None,
            "n": shown.values["n"],
            "overall": shown.values["overall"],
            "offers": offers_of(table),
        }
        evaluation.save()


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
