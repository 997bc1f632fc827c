"""A site's commands start quickly, and none of them with settings that cannot be right."""

import subprocess
import sys

from django.core.checks import registry
from django.core.management import get_commands, load_command_class

from annotations.base.site_command import SITE
from tests.production.compose_files import ROOT

MAKE_THEIR_OWN = {"outbound_gateway", "vault_keys", "healthy"}
"""The one that may have the private key, the one that makes the keys, and the one that only looks."""
FOR_DEVELOPERS = {"generate_frontend", "document_settings"}


def own_commands() -> dict[str, str]:
    return {name: app for name, app in get_commands().items() if app.split(".")[0] in ("annotations", "boneage_web")}


def test_every_command_of_a_site_makes_the_checks_of_its_settings() -> None:
    made = {name: load_command_class(app, name).requires_system_checks for name, app in own_commands().items()}
    assert {name for name, checks in made.items() if checks == []} == MAKE_THEIR_OWN
    assert {name for name, checks in made.items() if checks == "__all__"} == FOR_DEVELOPERS
    assert {name for name, checks in made.items() if checks == [SITE]} == made.keys() - MAKE_THEIR_OWN - FOR_DEVELOPERS
    of_the_site = {check.__name__ for check in registry.registry.get_checks() if SITE in check.tags}
    assert of_the_site == {"check_vault", "check_thresholds"}


def test_a_command_that_asks_for_no_address_does_not_load_the_api() -> None:
    program = """
import sys
from django.core.management import execute_from_command_line
try:
    execute_from_command_line(["manage.py", "add_administrator", "chief", "--password-file", "/nowhere"])
except SystemExit:
    pass
print("loaded:", [name for name in ("boneage_web.urls", "pydicom", "cv2") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("loaded: []"), done.stdout + done.stderr
