"""All box files of a source, one by one: each finds its film, is read and stored, and ends with an outcome."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from annotations.exchange.box_sources import BoxItem, SourceFault
from annotations.exchange.films import film_named
from annotations.exchange.take_boxes import Taken, TakenAs, take_boxes
from annotations.models import Person, Radiograph
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.findings import BoxFileError, BoxFinding


def take_files(
    items: Iterable[BoxItem | SourceFault],
    *,
    author: Person,
    class_map: ClassMap,
    films: Mapping[str, str],
    scale: bool = False,
    submit: bool = False,
) -> Iterator[tuple[str, Taken]]:
    """Each file with how it ended. Goes on after a refusal.

    Args:
        films: stem of a file -> id or UID of its film, for files that are named otherwise.
    """
    seen: set[UUID] = set()
    for item in items:
        if isinstance(item, SourceFault):
            yield item.file, Taken(TakenAs.REFUSED, (item.finding,))
            continue
        radiograph = film_named(item.name, films)
        if radiograph is None:
            yield item.file, Taken(TakenAs.REFUSED, (BoxFinding("no_film"),))
        elif radiograph.pk in seen:
            yield item.file, Taken(TakenAs.REFUSED, (BoxFinding("second_file_of_a_film"),), radiograph.pk)
        else:
            taken = take_item(item, radiograph, author=author, class_map=class_map, scale=scale, submit=submit)
            if taken.box_set is not None:
                seen.add(radiograph.pk)
            yield item.file, taken


def take_item(
    item: BoxItem, radiograph: Radiograph, *, author: Person, class_map: ClassMap, scale: bool, submit: bool
) -> Taken:
    """One file for a film that is known. A file that cannot be read is a refusal."""
    try:
        picture = item.read(radiograph.columns, radiograph.rows)
    except BoxFileError as error:
        return Taken(TakenAs.REFUSED, (error.finding,), radiograph.pk)
    return take_boxes(
        author=author, radiograph=radiograph, picture=picture, class_map=class_map, scale=scale, submit=submit
    )
