# shellcheck shell=bash disable=SC2034
host=akira-sip-01-staging
severity=SEV1 subsystem=signaling
shows='no answer to OPTIONS, calls time out; the unit still says active'
cause() { on $host 'systemctl kill --signal=STOP kamailio'; }
mend() { on $host 'systemctl kill --signal=CONT kamailio || true; systemctl start kamailio'; }
