#!/bin/sh
# deploy/install.sh LOCK: make .venv hold what LOCK pins, and this checkout itself, editable.
# With uv where it is on the path and reaches an index, else with venv and pip, which may be set up otherwise;
# both verify every hash. Where it is done already, nothing happens.
set -eu
cd "$(dirname "$0")/.."
lock=$1

die() {
    printf '%s\n' "$@" >&2
    exit 2
}

find_python() {
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    die 'IOCOP needs Python 3.11 or newer, and no such python3 is on the path.'
}

with_uv() (
    PATH=$PATH:.venv/bin
    export PATH UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true # the newer and the older name of one wish
    install="uv pip install --quiet --python .venv/bin/python --no-deps"
    command -v uv >/dev/null &&
        { [ -x .venv/bin/python ] || uv venv --quiet --python "$(find_python)" .venv; } &&
        $install --require-hashes --requirements "$lock" &&
        $install --no-build-isolation --editable .
)

with_pip() {
    python=$(find_python)
    "$python" -c 'import ensurepip' 2>/dev/null ||
        die "$python comes without its venv module; on Debian and Ubuntu: apt-get install python3-venv"
    .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv .venv
    install=".venv/bin/python -m pip --disable-pip-version-check install --quiet --no-deps"
    $install --require-hashes --requirement "$lock"
    $install --no-build-isolation --editable .
}

fingerprint() {
    cksum "$1" pyproject.toml
}

remember() {
    fingerprint "$1" >".venv/installed-$1"
}

if .venv/bin/python -c '' 2>/dev/null && fingerprint "$lock" | cmp -s - ".venv/installed-$lock"; then
    exit
fi
echo "Installing $lock into .venv" >&2
with_uv || with_pip
remember requirements.lock
[ "$lock" = requirements.lock ] || remember "$lock" # which holds all of requirements.lock
