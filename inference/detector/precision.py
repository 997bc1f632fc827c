"""The number formats that a detector can be served in."""

from typing import Literal

Precision = Literal["f32", "bf16"]
"""``f32`` agrees with Keras; ``bf16`` is another model as far as ages go, and is measured as one."""


class EngineError(Exception):
    """An engine that was asked for cannot serve; the message says what to do."""


class PrecisionError(EngineError):
    """The engine, or this processor, does not have the precision that was asked for."""
