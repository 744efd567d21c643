# shellcheck shell=bash disable=SC2034
host=akira-sip-01-staging
severity=SEV2 subsystem=signaling
shows='six of ten SIP packets to Kamailio are lost: slow set-up, ASR falls'
cause() {
  on $host 'nft "table inet akira_fault
    delete table inet akira_fault
    table inet akira_fault {
      chain input {
        type filter hook input priority 0
        udp dport 5060 numgen random mod 100 < 60 drop
      }
    }"'
}
mend() { on $host '! nft list table inet akira_fault >/dev/null 2>&1 || nft delete table inet akira_fault'; }
