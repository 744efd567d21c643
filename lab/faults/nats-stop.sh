# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem='CDR pipeline'
shows='no stream answers; Kamailio holds 8 MB of records, then loses them'
cause() { on $host 'systemctl stop nats-server'; }
mend() { on $host 'systemctl start nats-server'; }
