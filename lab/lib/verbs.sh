# shellcheck shell=bash
# What can be asked of the lab.

lab_up() {
  local began=$SECONDS host building failed=0
  [ $# -eq 0 ] || die 'up takes no arguments'
  use_state up
  take_lock
  need_tools
  need_machine
  echo "$STATE" >"$RUN/state"

  build_programs &
  building=$!
  build_layers
  wait "$building" || exit 1
  drop_old_layers

  make_keys
  make_authority
  cgroup_up
  network_up
  for host in $(host_names); do
    make_disk "$host"
    boot "$host"
  done
  write_access
  for host in $(host_names); do until_true 60 "ssh to $host" answers_ssh "$host" || failed=1; done
  [ $failed = 0 ] || die "not all hosts came up; what they said while booting is in $STATE/hosts/HOST/console.log"
  say "all hosts answer: $((SECONDS - began)) s"
  settle
  names_up
  say "all hosts run: $((SECONDS - began)) s"
  smoke_call || die 'the smoke call failed; akira lab status may show why'
  say "the smoke call was answered; the lab is up: $((SECONDS - began)) s"
  say "to reach it from a shell or a responder: . $STATE/lab.env"
}

settle() {
  local host
  for host in $(host_names); do
    fault_breaks "$host" && continue
    until_true 60 "$host is running" is_settled "$host" || {
      on "$host" 'systemctl --failed --no-legend --plain' >&2 || true
      die "$host runs, and not all of its services do: ssh -F $STATE/ssh_config $host journalctl -b -p err"
    }
  done
  unseal_vault
}

# As its holders would: a share is never on a command line.
# shellcheck disable=SC2016 # it is the host's shell that expands
unseal_vault() {
  local share
  for share in 1 2 3; do secret "vault-share-$share"; done |
    on_with_input akira-mgmt-01-staging 'while read -r share; do
      printf "{\"key\":\"%s\"}" "$share" | curl -fsS -m 5 -X PUT --data-binary @- http://127.0.0.1:8200/v1/sys/unseal; done' >/dev/null
}

smoke_call() {
  LIMIT=90 on akira-sipp-01-staging 'cd /opt/akira/sipp && ./run_scenario.sh smoke_e2e_single.xml smoke_target.csv' >&2
}

lab_traffic() {
  [[ ${1-} =~ ^[0-9]+(\.[0-9]+)?$ ]] || die 'traffic takes a number of calls a second: lab traffic 5'
  use_state traffic
  any_host_runs || die 'the lab is down: lab up'
  on akira-sipp-01-staging "akira-traffic $1"
}

lab_down() {
  local host
  [ $# -eq 0 ] || die 'down takes no arguments'
  use_state down
  take_lock
  names_down
  # Their disks are thrown away: nobody waits for a shutdown.
  for host in $(host_names); do unplug "$host" || die "it can be looked at in $(cgroup_root)/$host"; done
  network_down
  cgroup_down
  rm -rf --one-file-system "$STATE/hosts" "$STATE/trial" "$STATE/layers/.building".*
  rm -rf "$RUN/broken" "$RUN/state"
  say 'the lab is down'
}

lab_status() {
  local host name runs=no
  [ $# -eq 0 ] || [ "$*" = --json ] || die 'status takes --json, or nothing'
  use_state status
  any_host_runs && runs=yes
  local report
  report=$(jq -n --arg state "$STATE" '{ up: false, state: $state, hosts: [], broken: [], traffic: null }')
  for host in $(host_names); do
    local how=down
    if host_runs "$host"; then how=$(LIMIT=5 on "$host" 'systemctl is-system-running' 2>/dev/null || true) && how=${how:-silent}; fi
    report=$(jq --arg name "$host" --arg role "$(role_of "$host")" --arg address "$(address_of "$host")" --arg state "$how" \
      '.hosts += [{ $name, $role, $address, $state }]' <<<"$report")
  done
  for name in $(broken_faults); do
    report=$(jq --arg fault "$name" --arg since "$(<"$RUN/broken/$name")" --arg severity "$(fault_says "$name" severity)" \
      --arg subsystem "$(fault_says "$name" subsystem)" --arg shows "$(fault_says "$name" shows)" \
      '.broken += [{ $fault, $since, $severity, $subsystem, $shows }]' <<<"$report")
  done
  [ $runs = no ] || report=$(jq --arg rate "$(LIMIT=5 on akira-sipp-01-staging 'tail -1 /etc/akira/traffic' 2>/dev/null || true)" \
    '.up = all(.hosts[]; .state != "down") | .traffic = ($rate | tonumber? // null)' <<<"$report")

  if [ "${1-}" = --json ]; then
    printf '%s\n' "$report"
  else
    jq -r '"The lab is \(if .up then "up" elif any(.hosts[]; .state != "down") then "partly up" else "down" end)." ,
      (.hosts[] | "  \(.name + " " * 24 | .[:23]) \(.address + " " * 12 | .[:12]) \(.state)"),
      (if .traffic then "Calls: \(.traffic) a second." else empty end),
      (if .broken == [] then "Nothing is broken." else "Broken:" end),
      (.broken[] | "  \(.fault + " " * 20 | .[:17]) since \(.since)  should show: \(.severity) \(.subsystem), \(.shows)")' <<<"$report"
  fi
}
