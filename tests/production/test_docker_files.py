"""What can be said of the docker files without an engine: they are valid, closed, and name only what exists."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands

from boneage_web.env import Environment, documented_settings, read_environment
from boneage_web.site.management.commands.healthy import CHECKS
from boneage_web.site.management.commands.web import GRACEFUL_SECONDS
from tests.production.compose_files import DOCKER, ROOT, compose, env_example, our_services

BIN = Path(sys.executable).parent
COMPOSE_FILES = sorted(path.name for path in DOCKER.glob("compose*.yml"))
DOCKERFILES = sorted(DOCKER.glob("*.Dockerfile"))
KNOWN_SETTINGS = {name for name, _, _ in documented_settings()}
KEPT_RUNNING = {name: one for name, one in compose()["services"].items() if one["restart"] != "no"}


def seconds(text: str) -> float:
    return float(re.fullmatch(r"(\d+)s", text)[1])  # type: ignore[index]


def test_compose_files_follow_the_specification() -> None:
    files = [str(DOCKER / name) for name in COMPOSE_FILES]
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_dockerfiles_pass_the_linter_and_build_from_what_is_there(path: Path) -> None:
    done = subprocess.run([BIN / "hadolint", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    text = path.read_text()
    assert re.findall(r"^USER (.*)", text, re.M)[-1] == "10001:10001"
    for image in re.findall(r"^FROM (\S+)", text, re.M):
        assert re.search(r":\d+\.\d+\.\d+", image), f"{image} is not pinned"
    locks = set(re.findall(r"requirements/[\w-]+\.lock", text))
    assert locks
    copied = [source for line in re.findall(r"^COPY (?!--from)(.*)", text, re.M) for source in line.split()[:-1]]
    for source in {*locks, *copied}:
        assert (ROOT / source).exists(), source
        let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
        assert any(source.rstrip("/").startswith(each) for each in let_in), f"{source} is kept out by .dockerignore"
    for installed in re.findall(r"pip install (.*)", text):
        assert "--require-hashes" in installed


@pytest.mark.parametrize("name", sorted(compose()["services"]))
def test_a_container_is_closed(name: str) -> None:
    service = compose()["services"][name]
    assert service["user"] not in ("root", "0")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert any(each.startswith("/tmp") for each in service["tmpfs"])
    declared = compose()["secrets"]
    assert set(service["secrets"]) <= set(declared)
    for value in service.get("environment", {}).values():
        if str(value).startswith("/run/secrets/"):
            assert str(value).removeprefix("/run/secrets/") in service["secrets"], value


@pytest.mark.parametrize("name", sorted(KEPT_RUNNING))
def test_what_runs_is_asked_for_its_health_and_given_time_to_end(name: str) -> None:
    service = KEPT_RUNNING[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert seconds(service["stop_grace_period"]) >= 30
    if name == "web":
        assert seconds(service["stop_grace_period"]) > GRACEFUL_SECONDS


@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_only_settings_of_the_application_are_set(name: str) -> None:
    for service, one in compose(name)["services"].items():
        ours = {key: str(value) for key, value in one.get("environment", {}).items() if key.startswith("BONEAGE_")}
        assert set(ours) <= KNOWN_SETTINGS, service
        assert isinstance(read_environment(ours), Environment)


@pytest.mark.parametrize("name", ["compose.s3.yml", "compose.clinical.yml"])
def test_what_is_laid_over_lies_over_something(name: str) -> None:
    over, declared = compose(name), {**compose()["secrets"], **compose(name)["secrets"]}
    for service, one in over["services"].items():
        assert service in compose()["services"] or "image" in one, service
        assert set(one["secrets"]) <= set(declared)
        for value in one["environment"].values():
            if str(value).startswith("/run/secrets/"):
                assert str(value).removeprefix("/run/secrets/") in one["secrets"], service


def test_only_the_gateway_is_given_the_private_key() -> None:
    services = compose("compose.clinical.yml")["services"]
    assert [name for name, one in services.items() if "vault_private_key" in one["secrets"]] == ["outbound-gateway"]


def test_workers_are_given_no_keys() -> None:
    for name, one in our_services().items():
        has_keys = {"secret_key", "deidentification_key"} <= set(one["secrets"])
        assert has_keys is not name.startswith("worker-"), name
        assert (one["environment"].get("BONEAGE_KEYS") == "0") is not has_keys


@pytest.mark.parametrize("name", sorted(our_services()))
def test_commands_and_health_checks_exist(name: str) -> None:
    service = our_services()[name]
    assert service["command"][:2] == ["python", "manage.py"]
    assert service["command"][2] in get_commands()
    if "healthcheck" in service:
        assert service["healthcheck"]["test"][:4] == ["CMD", "python", "manage.py", "healthy"]
        assert service["healthcheck"]["test"][4] in CHECKS


def test_the_example_of_the_environment_can_be_used() -> None:
    example = env_example()
    ours = {name: value for name, value in example.items() if name.startswith("BONEAGE_")}
    environment = read_environment(ours)
    assert environment.https
    assert environment.allowed_hosts == ("boneage.hospital.example",)
    text = "".join((DOCKER / name).read_text() for name in COMPOSE_FILES)
    used = set(re.findall(r"\$\{(\w+)", text))
    assert used <= set(example), "what compose asks for stands in the example"
    assert not [name for name in ours if name.endswith("_PASSWORD")], "secrets are files"
    profiles = {profile for one in compose()["services"].values() for profile in one.get("profiles", [])}
    assert set(example["COMPOSE_PROFILES"].split(",")) <= profiles


@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_images_of_others_are_pinned(name: str) -> None:
    for one in compose(name)["services"].values():
        image = one.get("image", "")
        if image and not image.startswith("chboneai-"):
            assert re.search(r":\d+\.\d+", image), image


def test_secrets_are_made_once(tmp_path: Path) -> None:
    script = tmp_path / "make-secrets.sh"
    script.write_bytes((DOCKER / "make-secrets.sh").read_bytes())

    def made() -> dict[str, Any]:
        subprocess.run(["sh", script], check=True, capture_output=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    first = made()
    wanted = {Path(one["file"]).name for name in COMPOSE_FILES for one in compose(name).get("secrets", {}).values()}
    by_hand = {"vault_public_key", "vault_private_key", "storage_access_key", "storage_secret_key"}
    assert set(first) == wanted - by_hand
    assert len(set(first.values())) == len(first)
    assert all(len(value) == 64 for value in first.values())
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert made() == first


def test_no_secret_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files", "docker"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "secrets/" not in tracked
    assert "docker/.env" not in tracked.split()
