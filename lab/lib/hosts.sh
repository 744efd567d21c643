# shellcheck shell=bash
# A host: a disk (the layers, and what the host itself writes), and a systemd-nspawn machine that boots from it.
# What runs is known from the kernel alone: a host is up when its control group has processes.

disk_of() { printf '%s/hosts/%s\n' "$STATE" "$1"; }

cgroup_root() {
  local at
  at=$(findmnt -n -t cgroup2 -o TARGET | head -1)
  printf '%s/akira-lab\n' "${at:-$RUN/cgroup}"
}
# A machine with the old hierarchies only gets the new one beside them, until down.
cgroup_up() {
  if [ -z "$(findmnt -n -t cgroup2 -o TARGET)" ]; then
    mkdir -p "$RUN/cgroup"
    mount -t cgroup2 cgroup2 "$RUN/cgroup"
  fi
  mkdir -p "$(cgroup_root)" || die "this machine lets root make no control group: $(cgroup_root)"
}
cgroup_down() {
  rmdir "$(cgroup_root)" 2>/dev/null || true
  ! mountpoint -q "$RUN/cgroup" || umount "$RUN/cgroup"
}

host_runs() { grep -qs '^populated 1' "$(cgroup_root)/$1/cgroup.events"; }
any_host_runs() {
  local host
  for host in $(host_names); do host_runs "$host" && return; done
  return 1
}

# make_disk HOST: from its layers and the files of hosts/. Complete, or not there.
make_disk() {
  local host=$1 role disk new
  role=$(role_of "$host")
  disk=$(disk_of "$host")
  [ -d "$disk" ] && return
  new=$disk.new
  rm -rf --one-file-system "$new"
  mkdir -p "$new"/{upper,work,root}
  local root=$new/upper
  cp -r "$LAB/hosts/all/." "$root/"
  cp -r "$LAB/hosts/$role/." "$root/"
  if [ "$role" = mgmt ]; then
    mkdir -p "$new/docker"
    local share
    for share in 1 2 3 4 5; do secret "vault-share-$share" | tr -d '\n' | sha256sum | cut -d' ' -f1; done >"$root/etc/vault.d/shares"
    authority_of_pages "$root/etc/caddy/authority"
    install -D -m 755 "$SOURCE/deploy/image" "$root/usr/local/sbin/akira-release"
  fi
  if [ "$role" = sip ]; then
    cp "$SOURCE"/deploy/systemd/akira-cdr-relay.{socket,service} "$SOURCE"/deploy/systemd/akira-dispatcher.service "$root/etc/systemd/system/"
    # What a rollback goes back to.
    sed '/^#!substdef/s/!2!/!1!/' "$root/etc/kamailio/kamailio.cfg" >"$root/etc/kamailio/kamailio.cfg.previous"
  fi
  if [ "$role" = db ]; then # a disk of its own, which a fault can fill
    truncate -s 2G "$new/data.img"
    mkfs.ext4 -q -m 0 -E lazy_itable_init=1,lazy_journal_init=1 "$new/data.img"
  fi
  fill_in "$host" "$root"

  echo "$host" >"$root/etc/hostname"
  { echo '127.0.0.1 localhost' && names_of_the_lab; } >"$root/etc/hosts"
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  local unit
  for unit in "$root"/etc/systemd/system/*.service "$root"/etc/systemd/system/*.socket; do
    ! grep -qs '^\[Install\]' "$unit" || systemctl --quiet --root="$root" enable "${unit##*/}"
  done
  install -d -m 700 "$root/root/.ssh"
  install -m 600 "$STATE/keys/responder.pub" "$root/root/.ssh/authorized_keys"
  install -m 600 "$STATE/keys/$host" "$root/etc/ssh/ssh_host_ed25519_key"
  install -m 644 "$STATE/keys/$host.pub" "$root/etc/ssh/ssh_host_ed25519_key.pub"
  mv -T "$new" "$disk"
}

# fill_in HOST FOLDER: the values for @HOST@ and the like, wherever they stand.
fill_in() {
  local file values
  values=$(printf 's/@%s@/%s/g\n' HOST "$1" DATABASE_PASSWORD "$(secret database)" \
    REPLICATION_PASSWORD "$(secret replication)" PROBE_PASSWORD "$(secret probe)" \
    ADMIN_TOKEN "$(secret app-admin)" READER_TOKEN "$(secret app-reader)")
  while IFS= read -r -d '' file; do
    sed -i -f /dev/stdin "$file" <<<"$values"
  done < <(grep -rlZ -e '@[A-Z_]*@' "$2" || true)
}

boot() {
  local host=$1 group
  host_runs "$host" && return
  group=$(cgroup_root)/$host
  mkdir -p "$group"
  link_of "$host" up
  # setsid: Ctrl-C on the verb is not meant for the hosts.
  setsid unshare --mount --propagation private "$LAB/lib/boot" "$host" "$(role_of "$host")" "$(disk_of "$host")" \
    "$(layer_of "$(role_of "$host")"):$(layer_of base)" "$group" "$(program_folder doubles)" "$(dotnet_root)" "$(program_folder akira)" \
    >"$(disk_of "$host")/console.log" 2>&1 </dev/null 9>&- &
  disown
}

# unplug HOST: as by its plug. Its mounts and its network end with its processes.
unplug() {
  local group
  group=$(cgroup_root)/$1
  link_of "$1" down # or the kernel would still answer for it
  [ -d "$group" ] || return 0
  if host_runs "$1"; then
    echo 1 >"$group/cgroup.kill"
    until_true 10 "$1: processes that cannot be ended are left" is_unplugged "$1"
  fi
  find "$group" -depth -type d -exec rmdir {} \;
}
is_unplugged() { ! host_runs "$1"; }

# on HOST SCRIPT: as the runbook would, with a limit.
on() { timeout "${LIMIT:-30}" ssh -n -F "$STATE/ssh_config" "root@$1" "$2"; }
on_with_input() { timeout "${LIMIT:-30}" ssh -F "$STATE/ssh_config" "root@$1" "$2"; }
answers_ssh() { on "$1" true; }
is_settled() { [ "$(on "$1" 'systemctl is-system-running' || true)" = running ]; }
