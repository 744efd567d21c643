# shellcheck shell=bash disable=SC2034
host=akira-db-01-staging
severity=SEV1 subsystem=database
shows='the primary host is without power: no ping, no ssh, no database'
cause() { unplug $host; }
mend() {
  boot $host
  until_true 60 "ssh to $host" answers_ssh $host
}
