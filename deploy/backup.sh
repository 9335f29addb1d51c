#!/bin/sh
# deploy/backup.sh FOLDER: copy everything the site keeps into the new folder FOLDER/YYYY-MM-DDTHHMMSSZ, while it runs.
# As a nightly line of cron:  15 3 * * *  iocop  /srv/iocop/deploy/backup.sh /var/backups/iocop
set -eu
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
folder=$(realpath "$1")/$(date -u +%Y-%m-%dT%H%M%SZ)
cd "$(dirname "$0")/.."
if [ -r /etc/iocop.env ]; then
    set -a
    # shellcheck source=/dev/null
    . /etc/iocop.env
fi
exec .venv/bin/iocop backup "$folder"
