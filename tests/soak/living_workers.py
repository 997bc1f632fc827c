"""Inside a site's environment: how many workers of the queue `cpu` live."""

import django


def main() -> int:
    django.setup()
    from boneage_web.runs.kinds import Queue
    from boneage_web.runs.selectors import living_workers

    print(living_workers(Queue.CPU))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
