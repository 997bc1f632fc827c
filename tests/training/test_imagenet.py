"""ImageNet weights from a local file: what Keras' own ResNet computes, ours computes; what does not fit is refused."""

import hashlib
import json

import h5py
import keras
import numpy as np
import pytest

from inference.detector.config import DetectorConfig
from inference.detector.detect import Detector
from inference.detector.network import Network
from tests.training.test_fit_detector import write_snapshot
from training.config import load_preset
from training.fit_detector import fit_detector
from training.imagenet import ImagenetError, for_imagenet_weights, load_imagenet_weights, record_of

# Making a ResNet takes a few seconds of a free processor.
pytestmark = pytest.mark.timeout(180)

CONFIG = DetectorConfig(backbone="resnet50", layout="imagenet", normalisation="frozen")


@pytest.fixture(scope="module")
def theirs():
    """A ResNet-50 of keras.applications without top, with weights as no fresh network has them."""
    model = keras.applications.ResNet50(include_top=False, weights=None)
    rng = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = (w.shape for w in layer.get_weights())
            layer.set_weights(
                [
                    rng.uniform(0.5, 1.0, gamma),
                    rng.normal(0, 0.1, beta),
                    rng.normal(0, 0.1, mean),
                    rng.uniform(0.5, 2.0, variance),
                ]
            )
        elif isinstance(layer, keras.layers.Conv2D):
            kernel, bias = layer.get_weights()
            layer.set_weights([kernel, rng.normal(0, 0.1, bias.shape)])
    return model


@pytest.fixture(scope="module")
def network():
    return Network(CONFIG)


@pytest.fixture(scope="module")
def files(theirs, tmp_path_factory):
    """The weights in Keras' present format and in the old one, which its downloads have."""
    folder = tmp_path_factory.mktemp("weights")
    theirs.save_weights(folder / "present.weights.h5")
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    with h5py.File(folder / "old_notop.h5", "w") as file:
        save_weights_to_hdf5_group(file, theirs)
    return folder


@pytest.mark.parametrize("name", ["present.weights.h5", "old_notop.h5"])
def test_trunk_and_neck_compute_what_keras_own_resnet_does(theirs, network, files, name):
    for variable in network.trainable_variables:
        variable.assign(np.zeros(variable.shape))
    load_imagenet_weights(network, files / name)
    grey = np.random.default_rng(1).random((1, 64, 96, 1)).astype(np.float32)
    colours = keras.applications.resnet.preprocess_input(np.repeat(grey * 255, 3, axis=-1))
    conv4 = keras.Model(theirs.input, theirs.get_layer("conv4_block6_out").output)(colours, training=False).numpy()
    ours = network.trunk(grey, training=True).numpy()  # frozen: the statistics of the file in training too
    assert ours.shape == (1, 4, 6, 1024)
    np.testing.assert_allclose(ours, conv4, atol=2e-3 * np.abs(conv4).max())
    crop = conv4[:, :4, :4]
    grown = np.pad(crop, ((0, 0), (5, 5), (5, 5), (0, 0)))
    conv5 = keras.Model(theirs.get_layer("conv4_block6_out").output, theirs.get_layer("conv5_block3_out").output)
    feature = conv5(grown, training=False).numpy().mean(axis=(1, 2))
    np.testing.assert_allclose(network.neck(grown).numpy(), feature, atol=2e-3 * np.abs(feature).max())
    assert np.abs(feature).max() > 0.01


def test_a_file_with_the_top_fits_too(network, tmp_path):
    whole = keras.applications.ResNet50(include_top=True, weights=None, classes=7)
    whole.save_weights(tmp_path / "top.weights.h5")
    load_imagenet_weights(network, tmp_path / "top.weights.h5")
    np.testing.assert_array_equal(
        network.trunk.get_layer("conv1").get_weights()[0], whole.get_layer("conv1_conv").get_weights()[0]
    )


def test_what_does_not_fit_is_refused_and_changes_nothing(theirs, network, files, tmp_path):
    before = network.trunk.get_layer("conv2_block1_1").get_weights()[0].copy()
    cut, text, other = tmp_path / "cut.weights.h5", tmp_path / "text.h5", tmp_path / "other.h5"
    cut.write_bytes((files / "present.weights.h5").read_bytes()[:500_000])
    text.write_text("not found")
    with h5py.File(other, "w") as file:
        file["something"] = np.zeros(3)
    keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(64, 7)]).save_weights(tmp_path / "small.weights.h5")
    for path in (cut, text, other, tmp_path / "small.weights.h5"):
        with pytest.raises(ImagenetError, match=r"does not hold the weights of keras\.applications' resnet50"):
            load_imagenet_weights(network, path)
    with pytest.raises(ImagenetError, match="expected Keras weights"):
        load_imagenet_weights(network, tmp_path / "weights.npz")
    np.testing.assert_array_equal(network.trunk.get_layer("conv2_block1_1").get_weights()[0], before)


def test_weights_of_another_depth_are_refused(files):
    deeper = Network(DetectorConfig(backbone="resnet101", layout="imagenet", normalisation="frozen"))
    for name in ("present.weights.h5", "old_notop.h5"):
        with pytest.raises(ImagenetError, match="resnet101"):
            load_imagenet_weights(deeper, files / name)


def test_values_that_are_not_finite_are_refused(theirs, network, tmp_path):
    layer = theirs.get_layer("conv3_block2_2_conv")
    kept = layer.get_weights()
    layer.set_weights([np.full_like(kept[0], np.nan), kept[1]])
    theirs.save_weights(tmp_path / "nan.weights.h5")
    layer.set_weights(kept)
    with pytest.raises(ImagenetError, match="not finite"):
        load_imagenet_weights(network, tmp_path / "nan.weights.h5")


def test_a_training_begins_with_the_file_and_records_it(theirs, files, tmp_path):
    """The paper's preset with a smaller network and film: one step of hardly any learning rate leaves the weights."""
    folder = fit_detector(
        snapshot=write_snapshot(tmp_path / "snapshot", 2),
        preset="paper",
        out=tmp_path / "detector",
        imagenet_weights=files / "present.weights.h5",
        overrides={
            "detector.backbone": "resnet50",
            "detector.proposals": 8,
            "detector.roi_size": 4,
            "size_px": 80,
            "steps": 1,
            "batch": 1,
            "schedule.highest": 1e-9,
            "schedule.lowest": 1e-9,
            "validate_every": 0,
            "patience": 0,
        },
    )
    record = json.loads((folder / "training.json").read_text())
    assert record["imagenet_weights"] == record_of(files / "present.weights.h5")
    assert record["settings"]["detector"]["layout"] == "imagenet"
    trunk = Detector.load(folder).network.trunk
    for name in ("conv1", "conv4_block6_3"):
        kernel = theirs.get_layer(f"{name}_conv").get_weights()[0]
        np.testing.assert_allclose(trunk.get_layer(name).get_weights()[0], kernel, atol=1e-6)
    mean, bias = theirs.get_layer("conv1_bn").get_weights()[2], theirs.get_layer("conv1_conv").get_weights()[1]
    np.testing.assert_allclose(trunk.get_layer("conv1_norm").get_weights()[2], mean - bias, atol=1e-6)


def test_the_preset_gets_the_network_that_the_weights_fit():
    settings = for_imagenet_weights(load_preset("paper"))
    assert (settings.detector.layout, settings.detector.normalisation) == ("imagenet", "frozen")
    with pytest.raises(ImagenetError, match="layout imagenet is there for resnet50 and resnet101, not light"):
        for_imagenet_weights(load_preset("light"))
    with pytest.raises(ImagenetError, match="frozen or batch"):
        load_imagenet_weights(Network(DetectorConfig(backbone="tiny")), None)


def test_the_record_names_the_very_file(tmp_path):
    (tmp_path / "w.h5").write_bytes(b"abc")
    assert record_of(tmp_path / "w.h5") == {
        "file": "w.h5",
        "bytes": 3,
        "sha256": hashlib.sha256(b"abc").hexdigest(),
    }
    with pytest.raises(ImagenetError, match="cannot be read"):
        record_of(tmp_path / "nowhere.h5")
