"""One's own machine and `make run`: plain HTTP on 127.0.0.1. Differs from `base` in nothing that guards people."""

from boneage_web.settings.base import *  # noqa: F403
