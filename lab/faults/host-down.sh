# shellcheck shell=bash disable=SC2034,SC2016
host=akira-db-01-staging
severity=SEV1 subsystem=database
shows='the primary host is without power: no ping, no ssh, no database'
cause() { unplug $host; }
mend() {
  boot $host
  until_true 60 "ssh to $host" answers_ssh $host || return 1
  if failed_over; then fail_back; fi
}

failed_over() { [ "$(on akira-db-02-staging 'sudo -u postgres psql -qAtc "SELECT pg_is_in_recovery();"' 2>/dev/null)" = f ]; }

# The runbook's own way back, with the roles exchanged once more: what was written meanwhile comes along. Each step needs the one
# before: the standby's data is thrown away only when the other host has it and takes writes.
fail_back() {
  on akira-mgmt-01-staging 'docker stop --time 5 akira-cdr-worker akira-backend >/dev/null' || return 1
  on akira-db-01-staging 'set -e
    systemctl unmask postgresql@15-main 2>/dev/null || true
    systemctl stop postgresql@15-main
    cd /var/lib/postgresql/15
    rm -rf main main.before-failover
    sudo -u postgres pg_basebackup -h akira-db-02-staging -U replicator -D /var/lib/postgresql/15/main -X stream -R --checkpoint=fast
    systemctl reset-failed postgresql@15-main 2>/dev/null || true
    systemctl start postgresql@15-main' || return 1
  on akira-db-02-staging 'systemctl stop postgresql@15-main' || return 1
  on akira-db-01-staging 'sudo -u postgres psql -qAtc "SELECT pg_promote(true, 60);" >/dev/null &&
    [ "$(sudo -u postgres psql -qAtc "SELECT pg_is_in_recovery();")" = f ]' || return 1
  on akira-db-02-staging 'set -e
    rm -rf /var/lib/postgresql/15/main
    /usr/local/sbin/akira-cluster
    systemctl start postgresql@15-main' || return 1
  on akira-mgmt-01-staging 'set -e
    [ ! -f /opt/akira/.env.before-failover ] || mv /opt/akira/.env.before-failover /opt/akira/.env
    docker compose -f /opt/akira/docker-compose.yml up -d akira-backend akira-cdr-worker 2>/dev/null'
}
