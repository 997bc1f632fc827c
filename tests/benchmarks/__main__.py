"""``python -m tests.benchmarks [NAME...]``: run benchmarks and print what they measured; without names, the timings."""

import importlib
import pkgutil
import sys

import tests.benchmarks


def main(names: list[str]) -> int:
    known = [module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__) if module.name != "__main__"]
    if unknown := sorted(set(names) - set(known)):
        print(f"no such benchmark: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    for name in names or known:
        module = importlib.import_module(f"tests.benchmarks.{name}")
        if not names and getattr(module, "BY_NAME_ONLY", False):
            continue
        print(f"== {name}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
        module.main([])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
