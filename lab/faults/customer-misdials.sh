# shellcheck shell=bash disable=SC2034
host=akira-sipp-01-staging
severity=SEV3 subsystem=signaling
calls=60
shows='a quarter of what costa dials is not allocated: its NER near 73 %, and no other customer notices'
cause() { on $host 'touch /run/misdials-53 && systemctl restart customers'; }
mend() { on $host 'rm -f /run/misdials-53 && systemctl restart customers'; }
