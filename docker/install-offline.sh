#!/usr/bin/env bash
# Installs what docker/make-offline.sh packed, without a network:  ./install.sh FOLDER
# Needs Python 3.11 with venv. The program comes to FOLDER; its data lies where BONEAGE_DATA_DIR says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-}
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }
say() { printf '==> %s\n' "$*"; }

[ -n "$target" ] || fail "name the folder to install to: ./install.sh /opt/boneage"
[ ! -e "$target/chboneai" ] || fail "$target/chboneai exists. To upgrade, install to another folder and start from there."
python=
for candidate in "${PYTHON:-}" python3.11 python3; do
    [ -n "$candidate" ] && "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
        && { python=$candidate; break; }
done
[ -n "$python" ] || fail "Python 3.11 with venv is needed; set PYTHON to its path and try again."

say "checking the sums"
(cd "$here" && sha256sum --quiet --check SHA256SUMS) || fail "a file is damaged: copy the folder again."
say "unpacking the program"
mkdir -p "$target"
tar --extract --gzip --file="$here/program.tar.gz" --directory="$target"
cd "$target/chboneai"
"$python" -m venv .venv
for lock in base ml-cpu; do
    say "installing the packages ($lock)"
    .venv/bin/pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" --no-deps \
        --require-hashes --requirement "requirements/$lock.lock"
done
.venv/bin/python manage.py check >/dev/null || fail "the application does not start; see above."
say "installed. Try it: cd $target/chboneai && .venv/bin/python manage.py serve"
if [ -e "$here/images.tar" ]; then
    say "for containers instead: docker load --input $here/images.tar"
fi
