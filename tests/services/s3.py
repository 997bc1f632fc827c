"""A throw-away store that speaks S3 (moto's server, in a process of its own)."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

import boto3

from tests.services.ports import free_port, wait_for_port

BUCKET, KEY, SECRET = "boneage", "test-access-key", "test-secret-key"


@contextlib.contextmanager
def s3() -> Iterator[str]:
    """Start the server with one bucket and yield the URL of a folder in it; everything is gone afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        endpoint = f"http://127.0.0.1:{port}"
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET
        )
        client.create_bucket(Bucket=BUCKET)
        yield f"s3://{BUCKET}/site?endpoint={endpoint}"
    finally:
        server.terminate()
        server.wait(timeout=20)
