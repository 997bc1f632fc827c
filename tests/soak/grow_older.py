"""Inside a site's environment: every child becomes a little older, so that a model is asked about all films anew."""

import django


def main() -> int:
    django.setup()
    from django.db.models import F

    from annotations.models import Study

    Study.objects.update(chronological_age_months=F("chronological_age_months") + 0.05)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
