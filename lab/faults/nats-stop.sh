# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem='CDR pipeline'
shows='no stream answers; the relay keeps records on disk, none is lost'
cause() { on $host 'systemctl stop nats-server'; }
mend() { on $host 'systemctl start nats-server'; }
