# shellcheck shell=bash disable=SC2034
host=akira-db-01-staging
severity=SEV1 subsystem=database
shows='connections refused, the CDR worker waits; the unit postgresql still says active'
cause() { on $host 'systemctl kill --signal=KILL postgresql@15-main'; }
mend() { on $host 'systemctl reset-failed postgresql@15-main; systemctl start postgresql@15-main'; }
