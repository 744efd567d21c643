# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem='CDR pipeline'
shows='the worker is stuck at a message that is no call record; unprocessed messages grow'
cause() { on $host 'akira-poison add'; }
mend() { on $host 'akira-poison remove'; }
