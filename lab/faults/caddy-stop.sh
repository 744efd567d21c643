# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem='management app'
shows='port 443 is closed: pages, API and Grafana are gone from outside'
cause() { on $host 'systemctl stop caddy'; }
mend() { on $host 'systemctl start caddy'; }
