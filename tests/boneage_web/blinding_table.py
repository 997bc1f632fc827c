"""What each address of the site has to do with what a blind reader may not know. One that is not here fails the test.

All of them, whatever they are said to be, are called in two worlds that differ in hidden values alone, and must answer
the same; the classes say what is expected beyond that.
"""

from enum import StrEnum


class Tells(StrEnum):
    """What an address speaks of."""

    NOTHING_OF_FILMS = "people, settings, machines: nothing that depends on a film"
    FILMS = "films, boxes, queues, counts of them: what is hidden is left out"
    OWN_READING = "the reader's own reading, by its token"
    NOT_TO_READERS = "ages of single films: refused to whoever holds the role reader, whatever else they hold"
    PICTURES = "pixels: they tell no age that is not in the bones"


BLINDING: dict[str, Tells] = {
    "/health": Tells.NOTHING_OF_FILMS,
    "/session": Tells.NOTHING_OF_FILMS,
    "/schema": Tells.NOTHING_OF_FILMS,
    "/people": Tells.NOTHING_OF_FILMS,
    "/people/{}": Tells.NOTHING_OF_FILMS,
    "/cohorts": Tells.NOTHING_OF_FILMS,
    "/protocol": Tells.NOTHING_OF_FILMS,
    "/dicomweb/studies": Tells.NOTHING_OF_FILMS,
    "/dicomweb/studies/{}": Tells.NOTHING_OF_FILMS,
    "/runs": Tells.NOTHING_OF_FILMS,
    "/runs/{}": Tells.NOTHING_OF_FILMS,
    "/runs/{}/log": Tells.NOTHING_OF_FILMS,
    "/runs/{}/cancel": Tells.NOTHING_OF_FILMS,
    "/snapshots": Tells.NOTHING_OF_FILMS,
    "/snapshots/{}": Tells.NOTHING_OF_FILMS,
    "/models": Tells.NOTHING_OF_FILMS,
    "/models/{}": Tells.NOTHING_OF_FILMS,
    "/models/{}/activate": Tells.NOTHING_OF_FILMS,
    "/models/{}/retire": Tells.NOTHING_OF_FILMS,
    "/calibrations": Tells.NOTHING_OF_FILMS,
    "/calibrations/{}/activate": Tells.NOTHING_OF_FILMS,
    "/calibrations/{}/retire": Tells.NOTHING_OF_FILMS,
    "/references": Tells.NOTHING_OF_FILMS,
    "/references/named-first": Tells.NOTHING_OF_FILMS,
    "/references/{}/retire": Tells.NOTHING_OF_FILMS,
    "/home": Tells.FILMS,
    "/uploads": Tells.FILMS,
    "/uploads/outcomes": Tells.FILMS,
    "/uploads/known": Tells.FILMS,
    "/intake": Tells.FILMS,
    "/intake/records": Tells.FILMS,
    "/blocked": Tells.FILMS,
    "/blocked/{}": Tells.FILMS,
    "/blocked/{}/release": Tells.FILMS,
    "/blocked/{}/refuse": Tells.FILMS,
    "/studies": Tells.FILMS,
    "/studies/{}": Tells.FILMS,
    "/studies/{}/events": Tells.FILMS,
    "/studies/{}/facts": Tells.FILMS,
    "/studies/{}/exclude": Tells.FILMS,
    "/studies/{}/restore": Tells.FILMS,
    "/studies/{}/predict": Tells.FILMS,
    "/studies/{}/result": Tells.FILMS,
    "/studies/{}/result/sign": Tells.FILMS,
    "/studies/{}/examine": Tells.FILMS,
    "/openings": Tells.FILMS,
    "/openings.csv": Tells.FILMS,
    "/radiographs/{}/box-sets": Tells.FILMS,
    "/label/next": Tells.FILMS,
    "/review/next": Tells.FILMS,
    "/box-sets/{}": Tells.FILMS,
    "/box-sets/{}/operations": Tells.FILMS,
    "/box-sets/{}/submit": Tells.FILMS,
    "/box-sets/{}/accept": Tells.FILMS,
    "/box-sets/{}/fix": Tells.FILMS,
    "/box-sets/{}/return": Tells.FILMS,
    "/consensus": Tells.FILMS,
    "/consensus/{}": Tells.FILMS,
    "/consensus/{}/settle": Tells.FILMS,
    "/consensus/{}/approve": Tells.FILMS,
    "/consensus/{}/reopen": Tells.FILMS,
    "/consensus/approve": Tells.FILMS,
    "/rereads": Tells.FILMS,
    "/rereads/preview": Tells.FILMS,
    "/rereads/{}": Tells.FILMS,
    "/rereads/{}/stop": Tells.FILMS,
    "/exports/boxes": Tells.FILMS,
    "/exports/studies": Tells.FILMS,
    "/read/next": Tells.OWN_READING,
    "/reading/{}": Tells.OWN_READING,
    "/reading/{}/submit": Tells.OWN_READING,
    "/reading/{}/unreadable": Tells.OWN_READING,
    "/reading/{}/amend": Tells.OWN_READING,
    "/evaluations": Tells.NOT_TO_READERS,
    "/evaluations/{}": Tells.NOT_TO_READERS,
    "/evaluations/{}/table.csv": Tells.NOT_TO_READERS,
    "/radiographs/{}/pixels": Tells.PICTURES,
    "/radiographs/{}/thumbnail": Tells.PICTURES,
    "/reading/{}/pixels": Tells.PICTURES,
    "/blocked/{}/pixels": Tells.PICTURES,
}
