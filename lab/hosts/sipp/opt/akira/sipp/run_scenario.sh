#!/bin/bash
# run_scenario.sh SCENARIO.xml TARGET.csv: one call through Kamailio, from end to end. 0: it was answered and hung up.
set -euo pipefail
scenario=$1 target=$2
server=akira-sip-01-staging:5060 address=10.77.0.41
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if timeout 60 sipp "$server" -sf "$scenario" -inf "$target" -i "$address" -m 1 -r 1 -timeout 40 -timeout_error -nostdin \
  -trace_stat -stf "$work/statistics.csv" -trace_err -error_file "$work/errors" >/dev/null 2>&1; then
  outcome=PASS
else
  outcome=FAIL
fi
# The second line has the totals, by name in the first.
awk -F';' -v outcome="$outcome" '
  NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
  END {
    split($column["ResponseTime1(C)"], t, ":")
    printf "%s: %d call, %d answered and hung up, %d failed; post-dial delay %d ms\n", outcome,
      $column["TotalCallCreated"], $column["SuccessfulCall(C)"], $column["FailedCall(C)"], (t[1] * 3600 + t[2] * 60 + t[3]) * 1000 + t[4] / 1000
  }' "$work/statistics.csv" 2>/dev/null || echo "$outcome: sipp did not start"
[ "$outcome" = PASS ] || { tail -20 "$work/errors" 2>/dev/null || true; exit 1; }
