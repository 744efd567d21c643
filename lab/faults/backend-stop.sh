# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem='management app'
shows='the API does not answer; the page is there'
cause() { on $host 'docker stop --time 2 akira-backend'; }
mend() { on $host 'docker start akira-backend'; }
