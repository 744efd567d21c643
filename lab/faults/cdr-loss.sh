# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV1 subsystem='CDR pipeline'
shows='the worker stands still, and the stream keeps a record for twenty-five minutes only: soon the first are lost'
cause() { on $host 'docker stop --time 2 akira-cdr-worker && akira-retention 1500'; }
mend() { on $host 'akira-retention 604800 && docker start akira-cdr-worker'; }
