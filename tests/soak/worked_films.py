"""Films that are read and labelled already, put straight into a site's rows and store: what a snapshot is frozen of.

``python -m tests.soak.worked_films --films 12`` inside a site's environment adds as many as are missing. The films are
drawn by a program; their boxes and bone ages are what they were drawn from.
"""

import argparse

import cv2
import django
import numpy as np


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    django.setup()
    add_films(options.films, options.seed)
    return 0


def add_films(count: int, seed: int) -> None:
    """Ready studies with an accepted box set and an approved bone age, until there are so many."""
    from annotations.models import Person, Radiograph, Study
    from annotations.services import film_store
    from tests.boneage_web.conftest import accept_boxes, approve_age
    from tests.factories.studies import make_study
    from training.phantom.cohort import demo_cohort

    count -= Study.objects.count()
    if count <= 0:
        return
    labeller, reviewer = (Person.objects.get(username=name) for name in ("labeller", "reviewer"))
    for film in demo_cohort(seed, count, size=(360, 270)):
        rows, columns = film.phantom.pixels.shape
        study = make_study(
            sex=film.sex, chronological_age_months=film.chronological_age_months, rows=rows, columns=columns
        )
        radiograph = Radiograph.objects.get(study=study)
        grey = (film.phantom.pixels >> 4).astype(np.uint8)
        film_store.store_copies(
            radiograph=radiograph,
            dicom=film.data,
            values=film.phantom.pixels.astype("<u2").tobytes(),
            thumbnail=cv2.imencode(".jpg", grey)[1].tobytes(),
        )
        accept_boxes(study, film, author=labeller, reviewer=reviewer)
        approve_age(study, film.bone_age_months, reviewer=reviewer)


if __name__ == "__main__":
    raise SystemExit(main())
