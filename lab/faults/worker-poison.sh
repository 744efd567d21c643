# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV3 subsystem='CDR pipeline'
shows='a hundred messages are no call records: they are dead letters, and good records go on'
cause() { on $host 'akira-poison add'; }
mend() { on $host 'akira-poison remove'; }
