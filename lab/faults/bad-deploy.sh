# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem='management app'
shows='version 1.1.0 of the backend wants a setting that nobody made: it restarts for ever'
cause() {
  on $host 'set -e
    rm -rf /run/akira-1.1.0 && cp -r /opt/akira/app /run/akira-1.1.0
    sed -i "/^import psycopg2/i RATES_URL = os.environ[\"AKIRA_RATES_URL\"]" /run/akira-1.1.0/backend.py
    akira-release 1.1.0 /run/akira-1.1.0
    /opt/akira/deploy 1.1.0'
}
# A rollback by the runbook may have been here first.
mend() { on $host 'grep -q "^AKIRA_VERSION=1.1.0" /opt/akira/.env && /opt/akira/rollback; echo 1.0.0 >/opt/akira/version.before'; }
