"""Sends the real films, wrapped as DICOM, through a running workplace and draws what came of them.

    python -m tests.benchmarks.real_films_over_http --url http://127.0.0.1:8000 --user admin --out grid.png

The workplace and its workers must be running, with an active model. The films are found through BONEAGE_REAL_DATA.
Each film ends in a picture with boxes and an age, or in the sentence of its refusal; the table says the same.
"""

import argparse
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.factories.http import DEMONSTRATION_PASSWORD, ApiError, Caller
from tests.factories.real_films import RealFilm, real_films

TILE = (470, 380)
"""Rows and columns of one tile of the grid, with its caption."""
_CAPTION_ROWS = 50
_POLL_SECONDS = 1.0


@dataclass(slots=True)
class Sent:
    """One film on its way: what was sent, and what is known of its end."""

    film: RealFilm
    upload_seconds: float = 0.0
    outcome: str = ""
    study: str | None = None
    refusal: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    picture: NDArray[np.uint8] | None = None

    @property
    def ended(self) -> bool:
        return bool(self.refusal) or self.result.get("status") in {"preliminary", "refused"}

    @property
    def broken(self) -> bool:
        """Whether the program failed rather than refused."""
        return self.outcome == "error" or self.refusal.startswith("internal_error")


BY_NAME_ONLY = True
"""Not part of `make bench`: somebody has to serve the application first."""


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 if each film ended in an age or in a refusal with a reason."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.real_films_over_http", description=__doc__)
    parser.add_argument("--url", required=True, help="address of the running workplace")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default=DEMONSTRATION_PASSWORD)
    parser.add_argument("--out", type=Path, default=Path("real-films.png"), help="the picture grid")
    parser.add_argument("--wait-seconds", type=float, default=600.0, help="how long to wait for all results")
    args = parser.parse_args(argv)
    real_data = os.environ.get("BONEAGE_REAL_DATA")
    if not real_data:
        print("Set BONEAGE_REAL_DATA to the folder of the real radiographs.", file=sys.stderr)
        return 2
    caller = Caller(args.url.rstrip("/"), args.user, args.password)
    sent = [upload(caller, film) for film in real_films(Path(real_data))]
    wait_for_results(caller, sent, seconds=args.wait_seconds)
    for one in sent:
        fetch_picture(caller, one)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(args.out), grid([tile(one) for one in sent]))
    print_table(sent)
    print(f"grid: {args.out}")
    return 0 if all(one.ended and not one.broken for one in sent) else 1


def upload(caller: Caller, film: RealFilm) -> Sent:
    """Sends one film; a refusal is an answer too."""
    one = Sent(film)
    started = time.monotonic()
    try:
        answer = caller.upload(f"{film.id}.dcm", film.data)
    except ApiError as error:
        one.outcome, one.refusal = "error", str(error)[:200]
        return one
    one.upload_seconds = time.monotonic() - started
    one.outcome, one.study = answer["outcome"], answer["study"]
    if answer["outcome"] == "rejected":
        one.refusal = f"{answer['reason']['code']}: {answer['reason']['message']}"
    return one


def wait_for_results(caller: Caller, sent: list[Sent], *, seconds: float) -> None:
    """Asks for the results until all films have ended, or the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not all(one.ended for one in sent):
        for one in sent:
            if not one.ended and one.study is not None:
                one.result = caller.get(f"/studies/{one.study}/result")
                if one.result["study"]["state"] in {"excluded", "rejected"} and not one.ended:
                    reason = one.result["study"].get("reason") or {}
                    one.refusal = f"{one.result['study']['state']}: {reason.get('message', '')}"
        time.sleep(_POLL_SECONDS)


def fetch_picture(caller: Caller, one: Sent) -> None:
    """Gets the film as the pages show it, in its default window."""
    radiograph = one.result.get("radiograph")
    if not radiograph:
        return
    raw = caller.call("GET", radiograph["pixels_url"]).content
    values = np.frombuffer(raw, dtype="<u2").reshape(radiograph["rows"], radiograph["columns"]).astype(np.float32)
    centre, width = radiograph["window"]["center"], max(1.0, radiograph["window"]["width"])
    one.picture = np.asarray(np.clip((values - centre) / width + 0.5, 0.0, 1.0) * 255, np.uint8)


def tile(one: Sent) -> NDArray[np.uint8]:
    """One film of the grid: picture with boxes and age, or the refusal's text."""
    rows, columns = TILE
    canvas = np.zeros((rows, columns, 3), np.uint8)
    if one.picture is not None:
        scale = min(columns / one.picture.shape[1], (rows - _CAPTION_ROWS) / one.picture.shape[0])
        small = cv2.resize(one.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        canvas[: small.shape[0], : small.shape[1]] = small[:, :, None]
        for box in (one.result.get("prediction") or {}).get("boxes", []):
            corners = [round(box[edge] * scale) for edge in ("x0", "y0", "x1", "y1")]
            cv2.rectangle(canvas, corners[:2], corners[2:], (80, 220, 250), 1)
    for number, line in enumerate(caption(one)):
        at = (4, rows - _CAPTION_ROWS + 16 * (number + 1))
        cv2.putText(canvas, line[:60], at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (255, 255, 255), 1, cv2.LINE_AA)
    return canvas


def caption(one: Sent) -> list[str]:
    """What stands below a film."""
    film = one.film
    first = f"{film.id} {film.sex} {film.kind} {film.photometric} label {film.bone_age_months:g} mo"
    prediction = one.result.get("prediction") or {}
    age = prediction.get("bone_age_months")
    if age is not None:
        found = len(prediction.get("boxes", []))
        quality = " ".join(q["code"] for q in one.result.get("quality", []))
        return [first, f"age {age:.1f} mo ({age - film.bone_age_months:+.1f})  {found}/17 regions", quality]
    reason = one.refusal or (prediction.get("error") or {}).get("message") or one.result.get("status") or one.outcome
    return [first, reason[:58], reason[58:116]]


def grid(tiles: list[NDArray[np.uint8]], *, across: int = 6) -> NDArray[np.uint8]:
    """All tiles in one picture."""
    empty = [np.zeros_like(tiles[0])] * (-len(tiles) % across)
    whole = tiles + empty
    return np.vstack([np.hstack(whole[k : k + across]) for k in range(0, len(whole), across)])


def print_table(sent: list[Sent]) -> None:
    """One line a film, and the mean absolute error of those that got an age."""
    print(f"{'film':12} {'sex':3} {'label':>6} {'age':>6} {'diff':>6} {'boxes':>5} {'upload_s':>8}  outcome")
    errors = []
    for one in sent:
        prediction = one.result.get("prediction") or {}
        age, label = prediction.get("bone_age_months"), one.film.bone_age_months
        refused = one.refusal or (prediction.get("error") or {}).get("message", "")
        said = refused or " ".join(q["code"] for q in one.result.get("quality", [])) or one.outcome
        if age is None:
            numbers = f"{label:6.0f} {'-':>6} {'-':>6}"
        else:
            errors.append(abs(age - label))
            numbers = f"{label:6.0f} {age:6.1f} {age - label:+6.1f}"
        print(f"{one.film.id:12} {one.film.sex:3} {numbers} {len(prediction.get('boxes', [])):5d} "
              f"{one.upload_seconds:8.2f}  {said}")  # fmt: skip
    unfinished = sum(1 for one in sent if not one.ended)
    refused_count = len(sent) - len(errors) - unfinished
    print(f"{len(sent)} films: {len(errors)} with an age, {refused_count} refused, {unfinished} without an end")
    if errors:
        print(f"mean absolute difference from the label: {np.mean(errors):.1f} months (n = {len(errors)})")


if __name__ == "__main__":
    sys.exit(main())
