#!/usr/bin/env bash
# Everything that a machine without internet needs, in one folder:  docker/make-offline.sh [--dry-run] [OUT]
# Wheels of the locked packages, the program with its built front end, and the images when a container engine is at
# hand. On that machine: ./install.sh FOLDER, or docker load. Run it on the same kind of machine (x86-64, Python 3.11).
set -euo pipefail
cd "$(dirname "$0")/.."
dry=
if [ "${1:-}" = --dry-run ]; then dry=1; shift; fi
out=${1:-offline}
python=${PYTHON:-.venv/bin/python}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

say() { printf '==> %s\n' "$*"; }
fail() { printf 'make-offline: %s\n' "$*" >&2; exit 1; }
do_it() { if [ -n "$dry" ]; then printf '%q ' "$@"; echo; else "$@"; fi; }

[ -z "$(git status --porcelain --untracked-files=no)" ] || [ -n "$dry" ] || fail "commit your changes first: what is packed is the last commit."
[ -n "$dry" ] || [ ! -e "$out" ] || fail "$out exists: remove it, or name another folder."

say "the front end"
do_it .ci/setup run
do_it mkdir -p "$out/wheels"

say "the program"
do_it git archive --format=tar --prefix=chboneai/ --output="$out/program.tar" HEAD
do_it tar --append --file="$out/program.tar" --transform='s,^,chboneai/,' frontend/dist
do_it gzip --force "$out/program.tar"
do_it cp docker/install-offline.sh "$out/install.sh"

say "the wheels"
for lock in base ml-cpu; do
    do_it "$python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
        --dest "$out/wheels" --requirement "requirements/$lock.lock"
done

if docker info >/dev/null 2>&1; then
    say "the images"
    others=$(sed -n 's/^ *image: \(postgres:[^ ]*\|redis:[^ ]*\)$/\1/p' docker/compose*.yml | sort -u)
    do_it docker build --quiet --file docker/web.Dockerfile --tag "chboneai-web:$version" .
    do_it docker build --quiet --file docker/gpu.Dockerfile --tag "chboneai-gpu:$version" .
    for image in $others; do do_it docker pull --quiet "$image"; done
    # shellcheck disable=SC2086  # a list of names
    do_it docker save --output "$out/images.tar" "chboneai-web:$version" "chboneai-gpu:$version" $others
else
    say "no container engine answers: there will be no images.tar, only the install without containers"
fi

say "the sums"
if [ -n "$dry" ]; then
    echo "sha256sum of every file > $out/SHA256SUMS"
else
    (cd "$out" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
    du -sh "$out"
fi
say "copy $out to the other machine and run ./install.sh there"
