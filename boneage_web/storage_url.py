"""The object store from its URL, as `database_from_url` does it for databases."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from boneage_web.env import ConfigurationError

SPOOL_BYTES = 64 * 1024 * 1024
"""A film up to this size is read into memory and never touches the disk of the machine that reads it."""


def storage_from_url(
    url: str, access_key_file: Path | None, secret_key_file: Path | None, *, variable: str = "BONEAGE_STORAGE_URL"
) -> dict[str, object]:
    """Django's settings for ``s3://bucket[/prefix][?endpoint=https://host:port][&region=name]``.

    Without key files the libraries take the credentials of the machine's role. Raises ConfigurationError.
    """
    from botocore.config import Config  # noqa: PLC0415  # a quarter of a second that a site without S3 does not pay

    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme != "s3" or not parts.netloc or query.keys() - {"endpoint", "region"}:
        raise ConfigurationError(
            f"{variable} must look like s3://bucket/prefix?endpoint=https://host:9000&region=name."
        )
    if (access_key_file is None) != (secret_key_file is None):
        raise ConfigurationError(
            "Set both BONEAGE_STORAGE_ACCESS_KEY_FILE and BONEAGE_STORAGE_SECRET_KEY_FILE, or neither."
        )
    endpoint = query.get("endpoint", [""])[0]
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "auto"},
        connect_timeout=5,
        read_timeout=60,
        retries={"max_attempts": 5, "mode": "standard"},
        # the newest checksums are not known to every store that speaks S3
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": endpoint or None,
            "region_name": query.get("region", ["us-east-1"])[0],
            "access_key": access_key_file.read_text().strip() if access_key_file else None,
            "secret_key": secret_key_file.read_text().strip() if secret_key_file else None,
            "client_config": config,
            "file_overwrite": True,  # names belong to one radiograph or to one content
            "default_acl": None,
            "max_memory_size": SPOOL_BYTES,
        },
    }
