#!/bin/sh
# Makes the secrets of docker/compose.yml once, and overwrites none. The folder is closed to everybody but its owner;
# the files in it can be read by the users inside the containers.
set -eu
cd "$(dirname "$0")"
mkdir -p -m 0700 secrets
for name in database_password redis_password secret_key deidentification_key vault_database_password; do
    [ -e "secrets/$name" ] && continue
    (umask 077 && od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n' >"secrets/$name.part")
    chmod 0444 "secrets/$name.part"
    mv "secrets/$name.part" "secrets/$name"
    echo "made docker/secrets/$name"
done
echo "Copy docker/secrets/deidentification_key to a safe place that holds no backup of this site: without it a child"
echo "who comes again gets a new pseudonym."
