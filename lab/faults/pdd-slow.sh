# shellcheck shell=bash disable=SC2034
host=akira-sipp-01-staging
severity=SEV2 subsystem=signaling
calls=5
shows='every carrier rings 6.5 s late: PDD p95 above 5 s'
cause() { on $host 'akira-carrier 61 X-Slow 6500 && akira-carrier 62 X-Slow 6500 && akira-carrier 63 X-Slow 6500'; }
mend() { on $host 'akira-carrier 61 X-Slow 0 && akira-carrier 62 X-Slow 0 && akira-carrier 63 X-Slow 0'; }
