# shellcheck shell=bash disable=SC2034
host=akira-mgmt-01-staging
severity=SEV2 subsystem=Vault
shows='sealed: what starts now gets no secret'
cause() { on $host 'curl -fsS -X PUT http://127.0.0.1:8200/v1/sys/seal'; }
mend() { unseal_vault; }
