# shellcheck shell=bash disable=SC2034
host=akira-sipp-01-staging
severity=SEV2 subsystem=signaling
calls=60
shows='carrier-2, a third of all calls, answers 503: ASR near 64 %'
cause() { on $host 'akira-carrier 62 X-Failing 100'; }
mend() { on $host 'akira-carrier 62 X-Failing 0'; }
