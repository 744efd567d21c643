# shellcheck shell=bash disable=SC2034
host=akira-sip-01-staging
severity=SEV1 subsystem=signaling
shows='no answer to OPTIONS, calls time out; the unit does not run'
cause() { on $host 'systemctl stop kamailio'; }
mend() { on $host 'systemctl start kamailio'; }
