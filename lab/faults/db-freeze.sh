# shellcheck shell=bash disable=SC2034
host=akira-db-01-staging
severity=SEV1 subsystem=database
shows='connections open and nothing answers'
cause() { on $host 'systemctl kill --signal=STOP postgresql@15-main'; }
mend() { on $host 'systemctl kill --signal=CONT postgresql@15-main || true; systemctl start postgresql@15-main'; }
