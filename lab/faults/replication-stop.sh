# shellcheck shell=bash disable=SC2034
host=akira-db-02-staging
severity=SEV3 subsystem=database
shows='the standby receives and does not apply: its lag grows'
cause() { on $host 'sudo -u postgres psql -qAtc "SELECT pg_wal_replay_pause();"'; }
mend() { on $host 'sudo -u postgres psql -qAtc "SELECT pg_wal_replay_resume();"'; }
