# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem='CDR pipeline'
shows='unprocessed messages grow; no record is lost'
cause() { on $host 'docker stop --time 2 akira-cdr-worker'; }
mend() { on $host 'docker start akira-cdr-worker'; }
