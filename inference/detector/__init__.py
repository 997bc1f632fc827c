"""Faster R-CNN in Keras 3: where the 17 regions are, and the feature of each.

Source: CHBoneAI, section on the detector (Faster R-CNN, ResNet-101, focal loss, anchors [0.5, 1, 2]).
Inside this package boxes are arrays ``[..., 4]`` of ``x0 y0 x1 y1`` in pixels of the prepared image, as in
:mod:`inference.anatomy.boxes`; TensorFlow operations that want ``y`` first are turned at their own door.
"""

import os

# Before the first import of TensorFlow: its greetings are no part of a program's output, and Keras asks once.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
