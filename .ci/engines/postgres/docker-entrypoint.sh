#!/bin/sh
# Same contract as the published postgres image, as far as the tests use it: makes a database cluster whose superuser is
# POSTGRES_USER (default: postgres) with POSTGRES_PASSWORD, and serves it to every host; first word `postgres`, then its options.
set -e
case "$1" in
  postgres)
    umask 077
    printf '%s\n' "$POSTGRES_PASSWORD" >/tmp/password
    initdb --pgdata="$PGDATA" --username="${POSTGRES_USER:-postgres}" --pwfile=/tmp/password --auth=scram-sha-256 \
      --encoding=UTF8 --locale=C --no-sync >/dev/null
    rm /tmp/password
    unset POSTGRES_PASSWORD
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    shift
    set -- postgres -c 'listen_addresses=*' "$@" ;;
esac
exec "$@"
