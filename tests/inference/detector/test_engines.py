"""What the exported engines answer is what Keras answers; and an engine that cannot serve says so."""

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from boneage_web import env
from inference.anatomy.regions import REGION_IDS
from inference.artifact import ArtifactError, read_artifact, shipped_artifact
from inference.detector import box_coding, engine_cache, exported, precision
from inference.detector.config import DetectorConfig
from inference.detector.detect import Detector
from inference.detector.engine_cache import FACTS, FIND, LOOK_AT, MANIFEST
from inference.detector.engines import DEFAULT_ENGINE, ENGINES, PRECISIONS, engine_module, from_export, load_detector
from inference.detector.onnx_export import ExportError, export
from inference.detector.precision import EngineError, PrecisionError
from inference.detector.proposals import propose
from inference.detector.roi_align import roi_align
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.read import read_film
from inference.pipeline import FilmRequest, Pipeline, measured_precision
from training.phantom.phantom import render_phantom

# Keras starts, compiles and is exported; a busy machine doubles it.
pytestmark = pytest.mark.timeout(240)

EXPORTED = ["openvino", "onnxruntime"]
BOX_PX, AGE_MONTHS = 0.5, 0.1
"""The agreement that f32 is held to, docs/decisions/0050-inference-engine.md."""


@pytest.fixture(scope="module")
def pipelines(shared_engines):
    """The shipped model in each engine."""
    return {
        engine: Pipeline.load(shipped_artifact(), engine=engine, engine_cache=shared_engines)
        for engine in [*EXPORTED, "keras"]
    }


def phantoms():
    """Two shapes, so that the engines' graphs are met with more than one where geometry keeps the aspect."""
    for seed, size in enumerate([(900, 700), (1500, 1000), (400, 300)]):
        pixels = render_phantom(bone_age_months=90 + 30 * seed, sex="F", seed=seed, size=size, mirrored=False).pixels
        yield FilmRequest(Film(pixels.astype(np.float32), Window(2000, 4000), FilmFacts(sex="F")), "F")


def agree(ours, keras):
    assert len(ours) == len(keras) > 0
    for one, other in zip(ours, keras, strict=True):
        assert one.boxes.keys() == other.boxes.keys()
        for region, found in other.boxes.items():
            assert one.boxes[region].box == pytest.approx(found.box, abs=BOX_PX)
        if other.bone_age_months is None:
            assert (one.bone_age_months, one.error_code) == (None, other.error_code)
        else:
            assert one.bone_age_months == pytest.approx(other.bone_age_months, abs=AGE_MONTHS)


@pytest.mark.parametrize("engine", EXPORTED)
def test_boxes_and_ages_of_drawn_hands_are_those_of_keras(pipelines, engine):
    requests = list(phantoms())
    keras = pipelines["keras"].predict_batch(requests)
    assert any(one.bone_age_months is not None for one in keras)
    agree(pipelines[engine].predict_batch(requests), keras)
    agree([pipelines[engine].predict(one.film, sex="F") for one in requests], keras)


@pytest.mark.parametrize("engine", EXPORTED)
def test_films_of_a_batch_are_shared_out_and_come_back_in_their_order(pipelines, engine, shared_engines, monkeypatch):
    """Eleven films over three lanes, some of them in one pass; and over cores that share a film."""
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    three = load_detector(read_artifact(shipped_artifact()).detector_dir, engine=engine, cache=shared_engines)
    together = load_detector(
        read_artifact(shipped_artifact()).detector_dir, engine=engine, cache=shared_engines, cores_per_film=3
    )
    prepare = pipelines["keras"].preprocessing.prepare
    images = [prepare(request.film.pixels).image for request in phantoms()]
    images = [np.roll(images[i % 3], i, axis=0) for i in range(11)]
    expected = [pipelines["keras"].detector.detect(image) for image in images]
    assert len({tuple(one.scores) for one in expected}) == 11
    for detector in (three, together):
        for ours, keras in zip(detector.detect_batch(images), expected, strict=True):
            np.testing.assert_allclose(ours.scores, keras.scores, atol=1e-3)
            np.testing.assert_allclose(ours.features, keras.features, atol=1e-2)


@pytest.mark.real_data
@pytest.mark.parametrize("engine", EXPORTED)
def test_boxes_and_ages_of_real_hands_are_those_of_keras(pipelines, engine, real_data):
    files = sorted((real_data / "dha").rglob("*.jpg"))[:3] + sorted((real_data / "rsna" / "full").rglob("*.png"))[:18]
    assert len(files) >= 12
    requests = [FilmRequest(read_film(path), "M") for path in files]
    agree(pipelines[engine].predict_batch(requests), pipelines["keras"].predict_batch(requests))


@pytest.mark.parametrize(
    ("backbone", "engine"),
    [("resnet50", "openvino"), *((name, engine) for name in ("resnet18", "light", "tiny") for engine in EXPORTED)],
)
def test_a_network_of_each_kind_is_exported_as_it_is(backbone, engine):
    """ResNet with group normalisation, two shapes of film, one of them odd, in a batch and alone."""
    settings = {"roi_sampling": 2, "maturity_channels": True, "normalisation": "batch"} if backbone == "light" else {}
    anchor_step = 2 if backbone == "light" else 1
    config = DetectorConfig(
        backbone=backbone, roi_size=7, proposals=16, proposal_candidates=100, anchor_step=anchor_step, **settings
    )
    detector = Detector.untrained(config, seed=3)
    ours = from_export(config, export(detector), engine_module(engine), "f32")
    rng = np.random.default_rng(0)
    for shape, count in (((96, 80), 2), ((75, 101), 1)):
        images = list(rng.random((count, *shape), dtype=np.float32))
        keras_map, (keras_boxes, keras_chances) = detector.find(images)
        feature_map, (boxes, chances) = ours.find(images)
        np.testing.assert_allclose(feature_map, np.asarray(keras_map), atol=2e-3 * np.abs(keras_map).max())
        # of random weights many proposals stand equally high: those of one place are compared, and most have one
        near = np.abs(boxes - keras_boxes).max(axis=(2, 3)) < BOX_PX
        assert near.mean() > 0.7
        np.testing.assert_allclose(chances[near], keras_chances[near], atol=1e-3)
        asked = np.tile(np.array([[8.0, 6, 40, 44]], np.float32), (count, len(REGION_IDS), 1))
        theirs = detector.describe(keras_map, asked)
        np.testing.assert_allclose(ours.describe(feature_map, asked), theirs, atol=2e-3 * np.abs(theirs).max())


def test_decoding_proposals_and_roi_align_are_those_of_training():
    rng = np.random.default_rng(5)
    config = DetectorConfig(proposals=20, proposal_candidates=60)
    first = rng.uniform(-10, 100, (80, 2))
    anchors = np.concatenate([first, first + rng.uniform(5, 60, (80, 2))], 1).astype(np.float32)
    logits, deltas = rng.normal(size=(1, 80)).astype("f4"), rng.normal(0, 0.5, (1, 80, 4)).astype("f4")
    np.testing.assert_allclose(
        exported.decode(deltas[0], anchors), np.asarray(box_coding.decode(deltas[0], anchors)), rtol=1e-5, atol=1e-4
    )
    kept = exported.propose(logits[0], deltas[0], anchors, config=config, image_size=(90, 110))
    expected = np.asarray(propose(logits, deltas, anchors, config=config, image_size=(90, 110)))[0]
    np.testing.assert_allclose(kept, expected, atol=1e-3)
    assert (kept[:, 2] > kept[:, 0]).sum() > 5
    feature_map = rng.random((1, 11, 13, 3), dtype=np.float32)
    boxes = np.concatenate([kept[:6], [[-20, -8, 60, 90], [100, 80, 130, 120], [0, 0, 0, 0]]]).astype("f4")[None]
    down = exported.bin_weights(boxes[..., 1] / 8, boxes[..., 3] / 8, 11, 4, 2)
    across = exported.bin_weights(boxes[..., 0] / 8, boxes[..., 2] / 8, 13, 4, 2)
    crops = np.einsum("bnyh,bnxw,bhwc->bnyxc", down, across, feature_map)
    np.testing.assert_allclose(
        crops, np.asarray(roi_align(feature_map, boxes, stride=8, size=4, sampling=2)), atol=1e-4
    )


def test_a_layer_that_the_export_does_not_know_is_named():
    import keras

    detector = Detector.untrained(DetectorConfig(backbone="tiny", normalisation="batch"), seed=0)
    head = detector.network.head
    strange = keras.layers.Softmax(name="strange")(head.outputs[0])
    detector.network.head = keras.Model(head.inputs, [strange, *head.outputs[1:]])
    with pytest.raises(ExportError, match="strange is a Softmax"):
        export(detector)


# --- bfloat16 -------------------------------------------------------------------------------------------------------


def test_bf16_has_its_own_measured_agreement(pipelines, shared_engines):
    """Looser than f32, measured on drawn hands: docs/benchmarks.md has real ones. Never what is served unasked."""
    try:
        rough = Pipeline.load(shipped_artifact(), precision="bf16", engine_cache=shared_engines)
    except PrecisionError as error:
        pytest.skip(f"{error}")
    requests = list(phantoms())
    keras, ours = pipelines["keras"].predict_batch(requests), rough.predict_batch(requests)
    for one, other in zip(ours, keras, strict=True):
        shared = one.boxes.keys() & other.boxes.keys()
        assert len(shared) >= 0.9 * len(other.boxes)
        off = [np.abs(np.subtract(one.boxes[region].box, other.boxes[region].box)).max() for region in shared]
        assert np.median(off) < 0.01 * max(requests[0].film.rows, 1)
    assert any(  # and it is really another arithmetic: f32 under the name of bf16 would pass the above
        abs(one.bone_age_months - other.bone_age_months) > 1e-4
        for one, other in zip(ours, keras, strict=True)
        if one.bone_age_months is not None and other.bone_age_months is not None
    )


def test_the_precision_is_f32_unless_the_manifest_says_that_the_age_head_was_measured_with_another(pipelines):
    assert pipelines["openvino"].precision == "f32"
    artifact = read_artifact(shipped_artifact())

    def with_manifest(**said):
        return type(artifact)(artifact.dir, {**artifact.manifest, **said}, artifact.hash)

    assert measured_precision(with_manifest()) == "f32"
    assert measured_precision(with_manifest(served_precision="bf16")) == "bf16"
    with pytest.raises(ArtifactError, match="int4"):
        measured_precision(with_manifest(served_precision="int4"))


@pytest.mark.parametrize("engine", ["onnxruntime", "keras"])
def test_an_engine_without_bfloat16_says_so_before_it_exports(engine, tmp_path):
    with pytest.raises(PrecisionError, match="f32"):
        Pipeline.load(shipped_artifact(), engine=engine, precision="bf16", engine_cache=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_processor_without_bfloat16_says_so_before_it_exports(monkeypatch, tmp_path):
    module = engine_module("openvino")

    class Plain(module.openvino.Core):
        def get_property(self, *names):
            return ["FP32"]

    monkeypatch.setattr(module.openvino, "Core", Plain)
    with pytest.raises(PrecisionError, match="no bfloat16"):
        Pipeline.load(shipped_artifact(), precision="bf16", engine_cache=tmp_path / "none")
    assert not (tmp_path / "none").exists()


# --- asked for and missing ------------------------------------------------------------------------------------------


def test_an_engine_that_is_not_installed_is_named(monkeypatch, shared_engines):
    monkeypatch.delitem(sys.modules, "inference.detector.engine_openvino", raising=False)
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(EngineError, match=r"openvino is not installed.*ml-cpu\.lock"):
        Pipeline.load(shipped_artifact(), engine="openvino", engine_cache=shared_engines)


@pytest.mark.parametrize(("engine", "number_format"), [("tensorrt", "f32"), ("openvino", "int8")])
def test_an_unknown_engine_or_precision_is_named(engine, number_format, tmp_path):
    with pytest.raises(EngineError, match=f"{engine if number_format == 'f32' else number_format}"):
        load_detector(tmp_path, engine=engine, precision=number_format)
    assert issubclass(PrecisionError, EngineError)
    assert precision.EngineError is EngineError


def test_the_application_knows_the_same_engines():
    assert (get_args(env.Engine), get_args(env.EnginePrecision)) == (ENGINES, ("", *PRECISIONS))
    assert env.Environment().engine == DEFAULT_ENGINE


def test_a_serving_process_holds_neither_keras_nor_a_reporter(shared_engines, pipelines):
    """TensorFlow takes seconds and half a gigabyte; OpenVINO's telemetry is not installed, and it runs without."""
    script = (
        "import sys; from pathlib import Path; from inference.artifact import shipped_artifact;"
        "from inference.pipeline import Pipeline;"
        f"Pipeline.load(shipped_artifact(), engine_cache=Path({str(shared_engines)!r}));"
        "print([name for name in ('keras', 'tensorflow', 'jax', 'openvino_telemetry') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=engine_cache.PROJECT_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# --- exported once, verified always ---------------------------------------------------------------------------------


class Counting:
    """An export that writes small files and counts how often it was asked."""

    def __init__(self, log: Path) -> None:
        self.log = log

    def __call__(self, detector, target):
        with self.log.open("a") as file:
            file.write("x")
        for name in (FIND, LOOK_AT, FACTS):
            (target / name).write_bytes(name.encode() + (detector / "detector.json").read_bytes())

    @property
    def count(self):
        return len(self.log.read_text()) if self.log.exists() else 0


@pytest.fixture
def detector_folder(tmp_path):
    folder = tmp_path / "detector"
    folder.mkdir()
    (folder / "detector.json").write_text("{}")
    (folder / "detector.weights.h5").write_bytes(b"weights")
    return folder


def test_it_is_exported_once(detector_folder, tmp_path):
    counting = Counting(tmp_path / "log")
    first = engine_cache.exported(detector_folder, tmp_path / "cache", counting)
    assert engine_cache.exported(detector_folder, tmp_path / "cache", counting) == first
    assert counting.count == 1
    assert first[FIND] == b"find.onnx{}"


def test_other_weights_or_another_export_are_exported_anew(detector_folder, tmp_path, monkeypatch):
    counting = Counting(tmp_path / "log")
    engine_cache.exported(detector_folder, tmp_path / "cache", counting)
    (detector_folder / "detector.weights.h5").write_bytes(b"others")
    engine_cache.exported(detector_folder, tmp_path / "cache", counting)
    assert counting.count == 2
    monkeypatch.setattr(engine_cache, "EXPORT_VERSION", engine_cache.EXPORT_VERSION + 1)
    engine_cache.exported(detector_folder, tmp_path / "cache", counting)
    assert counting.count == 3


@pytest.mark.parametrize("name", [FIND, LOOK_AT, FACTS, MANIFEST])
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_export_is_never_used(detector_folder, tmp_path, name, damage):
    counting = Counting(tmp_path / "log")
    whole = engine_cache.exported(detector_folder, tmp_path / "cache", counting)
    (file,) = (tmp_path / "cache").glob(f"*/{name}")
    if damage == "gone":
        file.unlink()
    elif name == MANIFEST:
        file.write_text(json.dumps({"key": {}, "files": {}}))
    else:
        file.write_bytes(file.read_bytes() + b"!")
    assert engine_cache.exported(detector_folder, tmp_path / "cache", counting) == whole
    assert counting.count == 2


def test_an_export_that_fails_leaves_nothing_behind_and_says_why(detector_folder, tmp_path):
    def fails(detector, target):
        (target / FIND).write_bytes(b"half")
        raise EngineError("could not be exported")

    with pytest.raises(EngineError, match="could not be exported"):
        engine_cache.exported(detector_folder, tmp_path / "cache", fails)
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []
    with pytest.raises(EngineError, match=r"detector could not be exported: \w+"):  # the real one, on rubbish
        engine_cache.exported(detector_folder, tmp_path / "cache")


def test_a_cache_that_cannot_be_written_is_named(detector_folder, tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(EngineError, match="name another folder"):
        engine_cache.exported(detector_folder, tmp_path / "cache", Counting(tmp_path / "log"))


AT_ONCE = """
import sys
from pathlib import Path
from inference.detector import engine_cache

def export(detector, target):
    with Path(sys.argv[3]).open("a") as log:
        log.write("x")
    for name in (engine_cache.FIND, engine_cache.LOOK_AT, engine_cache.FACTS):
        (target / name).write_bytes(b"a" * 100_000)

sys.stdin.readline()
print(len(engine_cache.exported(Path(sys.argv[1]), Path(sys.argv[2]), export)[engine_cache.FIND]))
"""


def test_workers_that_start_together_export_once(detector_folder, tmp_path):
    command = [sys.executable, "-c", AT_ONCE, *map(str, (detector_folder, tmp_path / "cache", tmp_path / "log"))]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, cwd=engine_cache.PROJECT_DIR, **pipes) for _ in range(4)]
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert [worker.communicate(timeout=120)[0].strip() for worker in workers] == ["100000"] * 4
    assert Counting(tmp_path / "log").count == 1
