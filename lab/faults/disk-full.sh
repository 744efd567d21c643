# shellcheck shell=bash disable=SC2034
host=akira-db-01-staging
severity=SEV1 subsystem=database
shows='no space left under /var/lib/postgresql: PostgreSQL stops, as it must'
# The next segment of its journal is where PostgreSQL notices.
cause() {
  on $host 'set -e
    dd if=/dev/zero of=/var/lib/postgresql/filler bs=1M 2>/dev/null || true
    for _ in 1 2 3 4 5 6 7 8; do
      sudo -u postgres psql -qAtd akira -c "CREATE TABLE IF NOT EXISTS filled (); SELECT pg_switch_wal();" >/dev/null 2>&1 || true
      pg_isready -q || exit 0
    done'
}
mend() {
  on $host 'rm -f /var/lib/postgresql/filler
    systemctl reset-failed postgresql@15-main; systemctl restart postgresql@15-main && sudo -u postgres psql -qd akira -c "DROP TABLE IF EXISTS filled"'
}
