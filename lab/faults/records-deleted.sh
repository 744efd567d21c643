# shellcheck shell=bash disable=SC2034
host=akira-db-01-staging
severity=SEV3 subsystem='CDR pipeline'
seen_by=people
shows='somebody deleted the call records of the last hour from the database: the stream still has them'
cause() { on $host "sudo -u postgres psql -qd akira -c \"DELETE FROM cdr WHERE t_invite > now() - interval '1 hour'\""; }
# By the same way as the runbook: what is there stays as it is.
mend() { on akira-mgmt-01-staging 'docker exec akira-cdr-worker akira cdr replay --consumer cdr_worker --since 2h --until 0s --yes'; }
