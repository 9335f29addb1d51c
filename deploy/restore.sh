#!/bin/sh
# deploy/restore.sh FOLDER: put back what backup.sh wrote into FOLDER; stop the site and its worker before.
set -eu
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
folder=$(realpath "$1")
cd "$(dirname "$0")/.."
if [ -r /etc/iocop.env ]; then
    set -a
    # shellcheck source=/dev/null
    . /etc/iocop.env
fi
exec .venv/bin/iocop restore "$folder"
