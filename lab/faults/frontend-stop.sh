# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem='management app'
shows='the page answers 502; the API is there'
cause() { on $host 'docker stop --time 2 akira-frontend'; }
mend() { on $host 'docker start akira-frontend'; }
