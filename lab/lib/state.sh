# shellcheck shell=bash
# Where things are, how the lab speaks, and the one lock.

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=${AKIRA_LAB_STATE:-$LAB/../artifacts/lab}
RUN=/run/akira-lab # what is true until the machine restarts

say() { printf 'lab: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

use_state() {
  [ "$(id -u)" = 0 ] || die "root is needed for network namespaces and mounts: sudo $0 ${1-}"
  mkdir -p "$STATE" "$RUN"
  STATE=$(cd "$STATE" && pwd -P)
  local other
  if [ -s "$RUN/state" ] && other=$(<"$RUN/state") && [ "$other" != "$STATE" ] && any_host_runs; then
    die "another lab runs on this machine, from $other. Use it with AKIRA_LAB_STATE=$other, or stop it: AKIRA_LAB_STATE=$other $0 down"
  fi
}

# One verb at a time changes the lab. Descriptor 9 holds the lock: whatever outlives the verb is started with 9>&-.
take_lock() {
  exec 9>"$RUN/lock"
  flock -n 9 && return
  say 'another verb is at work on the lab; waiting for it ...'
  flock -w 600 9 || die "it did not end in ten minutes. Whoever holds $RUN/lock: fuser -v $RUN/lock"
}

# hosts [FIELD...]: the lines of hosts.conf without comments.
hosts() { grep -v -e '^#' -e '^ *$' "$LAB/hosts.conf"; }
host_names() { hosts | awk '{ print $1 }'; }
host_field() { hosts | awk -v h="$1" -v f="$2" '$1 == h { print $f }'; }
role_of() { host_field "$1" 2; }
address_of() { host_field "$1" 3; }
is_host() { host_names | grep -qxF -- "$1"; }

# until_true SECONDS WHAT COMMAND...: waits for it, or says what did not come.
until_true() {
  local seconds=$1 what=$2 end
  shift 2
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || {
      say "$what: not within $seconds s"
      return 1
    }
    sleep 0.2
  done
}
