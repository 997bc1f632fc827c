"""docker/compose*.yml as Python sees them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
OUR_IMAGES = ("chboneai-web", "chboneai-gpu")


def compose(name: str = "compose.yml") -> dict[str, Any]:
    """One file, anchors resolved."""
    return dict(yaml.safe_load((DOCKER / name).read_text()))


def our_services(name: str = "compose.yml") -> dict[str, dict[str, Any]]:
    """The services that run one of our own images."""
    services: Mapping[str, dict[str, Any]] = compose(name)["services"]
    return {key: one for key, one in services.items() if one.get("image", "").split(":")[0] in OUR_IMAGES}


def env_example() -> dict[str, str]:
    """docker/env.example as compose reads it."""
    lines = (line.strip() for line in (DOCKER / "env.example").read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
