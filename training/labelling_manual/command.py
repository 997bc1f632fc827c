"""`python -m training labelling-manual`: draws the pictures of docs/labelling anew."""

import argparse
import sys
from io import BytesIO
from pathlib import Path

import cv2
from PIL import Image

from inference.progress import OnProgress, Progress
from training.labelling_manual.drawing import Picture
from training.labelling_manual.pictures import PICTURES

SAYS = "SYNTHETIC: drawn by a program (training.phantom); no radiograph of a person"
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="">'
    f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{SAYS}</rdf:li></rdf:Alt></dc:description>'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)
_QUALITY = 78


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's options."""
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures; those of a name are replaced")
    parser.add_argument("--only", choices=PICTURES, metavar="NAME", help="draw one picture only")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    """Runs the command; 0, or 2 after saying on standard error that the folder cannot be written to."""
    names = [args.only] if args.only else list(PICTURES)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        for done, name in enumerate(names, start=1):
            (args.out / f"{name}.webp").write_bytes(webp(PICTURES[name]()))
            on_progress(Progress("draw", done, len(names), name))
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def webp(picture: Picture) -> bytes:
    """The picture as WebP, with XMP metadata that says it is synthetic."""
    out = BytesIO()
    image = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    image.save(out, "WEBP", quality=_QUALITY, method=6, xmp=_XMP.encode())
    return out.getvalue()
