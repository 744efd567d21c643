# shellcheck shell=bash
# A fault is a file in faults/: what it should look like, how it is caused, and how it is mended without the runbook.

fault_names() { (cd "$LAB/faults" && printf '%s\n' *.sh | sed 's/\.sh$//'); }
is_fault() { [[ $1 =~ ^[a-z0-9-]+$ ]] && [ -f "$LAB/faults/$1.sh" ]; }
broken_faults() { [ ! -d "$RUN/broken" ] || (cd "$RUN/broken" && ls -tr); }
# fault_says FAULT severity|subsystem|shows
# shellcheck disable=SC1090
fault_says() { (. "$LAB/faults/$1.sh" && printf '%s\n' "${!2}"); }
# fault_breaks HOST: whether something that is broken now may keep the host from being well.
fault_breaks() {
  local name
  for name in $(broken_faults); do [ "$(fault_says "$name" host)" = "$1" ] && return; done
  return 1
}

lab_faults() {
  local name
  for name in $(fault_names); do
    printf '%-17s %-5s %-15s %s\n' "$name" "$(fault_says "$name" severity)" "$(fault_says "$name" subsystem)" "$(fault_says "$name" shows)"
  done
}

lab_break() {
  is_fault "${1-}" || die "break takes a fault: $(fault_names | tr '\n' ' ')"
  use_state break
  take_lock
  any_host_runs || die 'the lab is down: lab up'
  [ ! -f "$RUN/broken/$1" ] || die "$1 is broken already, since $(<"$RUN/broken/$1")"
  mkdir -p "$RUN/broken"
  # Written first: what was interrupted half-way is healed like the whole.
  date -u +%Y-%m-%dT%H:%M:%SZ >"$RUN/broken/$1"
  # shellcheck disable=SC1090
  (. "$LAB/faults/$1.sh" && cause) || die "$1 could not be caused as a whole; lab heal $1 takes back what was done"
  say "broken: $1. It should show as $(fault_says "$1" severity) $(fault_says "$1" subsystem): $(fault_says "$1" shows)"
}

lab_heal() {
  local names name
  use_state heal
  take_lock
  if [ $# -eq 0 ]; then
    names=$(broken_faults)
    [ -n "$names" ] || say 'nothing is broken'
  else
    is_fault "${1-}" || die "heal takes a fault, or nothing: $(fault_names | tr '\n' ' ')"
    names=$1
  fi
  any_host_runs || die 'the lab is down: lab up'
  for name in $names; do
    # shellcheck disable=SC1090
    (. "$LAB/faults/$name.sh" && mend) || die "$name could not be healed; lab down and lab up begins anew"
    rm -f "$RUN/broken/$name"
    say "healed: $name"
  done
}
