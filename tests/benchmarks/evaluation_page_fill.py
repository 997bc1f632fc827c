"""Fill an application with one evaluation of made-up cases; prints its id, the seconds it took, and the table's MiB.

python -m tests.benchmarks.evaluation_page_fill 100000
"""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boneage_web.settings.dev")
django.setup()

from django.core.files.storage import default_storage  # noqa: E402
from django.core.management import call_command  # noqa: E402

from boneage_web.evaluation.models import BandBy  # noqa: E402
from boneage_web.evaluation.services.evaluations import APPROVED_CONSENSUS, EvaluationRequest, keep  # noqa: E402
from boneage_web.site.demonstration import make_accounts, register_shipped_model  # noqa: E402
from inference.statistics.case_table import CaseTable  # noqa: E402
from inference.statistics.figures.population import Member, distribution  # noqa: E402
from tests.factories.cases import made_rows  # noqa: E402

BY_NAME_ONLY = True


def main(cases: int) -> None:
    """Migrate, make accounts, and keep one evaluation."""
    call_command("migrate", verbosity=0)
    make_accounts()
    model = register_shipped_model()
    rows = made_rows(cases, seed=2018)
    members = [Member(row["site"] or "all", row["sex"], row["consensus"], row["chronological"]) for row in rows]
    population = distribution(members)
    table = CaseTable.from_rows(rows)
    started = time.perf_counter()
    evaluation = keep(
        run=None,
        request=EvaluationRequest(model=model.pk, cohort=None, snapshot=None, split="", band_by=BandBy.BONE_AGE),
        truth=APPROVED_CONSENSUS,
        table=table,
        left_out={},
        facts={"synthetic": True, "truth_is_model": False, "table1": population, "detector": None},
    )
    seconds = time.perf_counter() - started
    size = default_storage.size(f"evaluation_cases/{evaluation.case_table}.parquet")
    print(evaluation.pk, f"{seconds:.2f}", f"{size / 2**20:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
