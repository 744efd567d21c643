# shellcheck shell=bash disable=SC2034
host=akira-sip-01-staging
severity=SEV1 subsystem=signaling
shows='no OPTIONS answer, calls time out; the unit is inactive'
cause() { on $host 'systemctl stop kamailio'; }
mend() { on $host 'systemctl start kamailio'; }
