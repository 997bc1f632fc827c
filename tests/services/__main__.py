"""``python -m tests.services -- COMMAND...``: run a command with a real PostgreSQL and a real Redis."""

import os
import signal
import subprocess
import sys

from tests.services.postgres import postgres
from tests.services.redis import redis


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] != "--" or len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    # a run that is ended leaves no servers behind
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgres() as database_url, redis() as redis_url:
        environment = os.environ | {"BONEAGE_DATABASE_URL": database_url, "BONEAGE_REDIS_URL": redis_url}
        return subprocess.run(arguments[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
