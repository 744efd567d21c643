# shellcheck shell=bash disable=SC2034,SC2016
host=akira-mgmt-01-staging
severity=SEV2 subsystem='management app'
shows='version 1.1.0 of the backend runs, and answers every request with 500'
# The release before, with a library in it that lets each request fail.
cause() {
  LIMIT=120 on $host 'set -e
    rm -rf /run/akira-1.1.0 && mkdir /run/akira-1.1.0 && cd /run/akira-1.1.0
    cp /opt/doubles/Akira.Lab.Doubles.dll .
    printf "%s\n" "FROM akira-backend:1.0.1" "COPY Akira.Lab.Doubles.dll /app/" "ENV DOTNET_STARTUP_HOOKS=/app/Akira.Lab.Doubles.dll" >Dockerfile
    docker build -q -t akira-backend:1.1.0 . >/dev/null
    docker tag akira-frontend:1.0.1 akira-frontend:1.1.0
    docker tag akira-cdr-worker:1.0.1 akira-cdr-worker:1.1.0
    /opt/akira/deploy 1.1.0 || true'
}
# A rollback by the runbook may have been here first.
mend() { LIMIT=120 on $host '! grep -q "^AKIRA_VERSION=1.1.0" /opt/akira/.env || /opt/akira/rollback; echo 1.0.0 >/opt/akira/version.before'; }
