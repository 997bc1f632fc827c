"""Pictures with boxes for property tests: inside, across and past the frame, down to hair-thin ones."""

from hypothesis import strategies as st

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.box_formats.picture_boxes import FLAGS, AbsentMark, NamedBox, PictureBoxes

SIZES = st.integers(64, 8000)
_SPAN = st.floats(-0.5, 1.5)
_LENGTH = st.one_of(st.floats(0.01, 1.0), st.floats(1e-4, 0.01))


@st.composite
def made_boxes(draw: st.DrawFn, columns: int, rows: int) -> Box:
    x0, y0 = draw(_SPAN) * columns, draw(_SPAN) * rows
    return Box(x0, y0, x0 + draw(_LENGTH) * columns, y0 + draw(_LENGTH) * rows)


@st.composite
def made_pictures(draw: st.DrawFn, picture: str = "a.png") -> PictureBoxes:
    columns, rows = draw(SIZES), draw(SIZES)
    names = draw(st.lists(st.sampled_from(REGION_IDS), unique=True, max_size=17))
    boxes = tuple(
        NamedBox(name, draw(made_boxes(columns, rows)), number, draw(st.frozensets(st.sampled_from(FLAGS))))
        for number, name in enumerate(names, start=1)
    )
    absent = tuple(AbsentMark(name, "cut_off") for name in REGION_IDS if name not in names and draw(st.booleans()))
    return PictureBoxes(picture, columns, rows, boxes, absent)


def largest_movement_px(before: PictureBoxes, after: PictureBoxes) -> float:
    """The farthest that any edge moved; the boxes must be the same ones in the same order."""
    assert [each.name for each in before.boxes] == [each.name for each in after.boxes]
    return max(
        (
            abs(a - b)
            for one, other in zip(before.boxes, after.boxes, strict=True)
            for a, b in zip(one.box, other.box, strict=True)
        ),
        default=0.0,
    )
