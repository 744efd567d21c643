# shellcheck shell=bash
# Root file systems: a base, and a layer of packages for each role on top of it. A layer is built in a folder of its own
# and gets its name, which ends in a hash of its recipe, when it is complete: what is there is whole and current.

SUITE=bookworm

packages_of() { sed 's/#.*//' "$LAB/layers/$1.packages" | tr '\n' ' '; }

# layer_of base|ROLE: the folder it has, or will have.
layer_of() {
  local recipe=("$LAB/layers/base.packages" "$LAB/layers/build")
  [ "$1" = base ] || recipe+=("$LAB/layers/$1.packages")
  printf '%s/layers/%s-%s\n' "$STATE" "$1" "$(cat "${recipe[@]}" | sha256sum | cut -c1-12)"
}

# Debian's own archive, from wherever this machine gets it; other sources of the machine do not concern the lab.
package_sources() {
  if [ -n "${AKIRA_LAB_SOURCES-}" ]; then
    cat "$AKIRA_LAB_SOURCES"
    return
  fi
  # shellcheck disable=SC2016 # the names are apt's
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$SUITE" '$1 == "Debian" && $2 ~ "^" suite && !seen[$3 $4 $5]++ { print "deb", $3, $4, $5 }'
}

need_tools() {
  local tool missing=()
  for tool in mmdebstrap:mmdebstrap systemd-nspawn:systemd-container nft:nftables ip:iproute2 ssh:openssh-client jq:jq \
    curl:curl openssl:openssl mkfs.ext4:e2fsprogs flock:util-linux; do
    command -v "${tool%%:*}" >/dev/null || missing+=("${tool##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "missing: ${missing[*]}. The lab is made for Debian 12 and what is close to it"
  say "installing ${missing[*]} ..."
  { DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$STATE/apt.log" 2>&1 ||
    die "could not install them; apt says why in $STATE/apt.log"
}

need_machine() {
  local trial=$STATE/trial refused
  rm -rf --one-file-system "$trial" && mkdir -p "$trial"
  refused=$(unshare --mount --net --propagation private "$LAB/lib/trial" "$trial" 2>&1) ||
    die "this machine does not let root do what the lab is made of: $refused. It takes a virtual machine, or a container with those rights (docker run --privileged)"
  rm -rf --one-file-system "$trial"
}

build_layers() {
  local role pids=() pid failed=0
  mkdir -p "$STATE/layers"
  # Whoever was interrupted left a folder behind, and nothing else: its mounts went with its namespace.
  rm -rf --one-file-system "$STATE/layers/.building".*
  if [ ! -d "$(layer_of base)" ]; then
    package_sources >"$STATE/layers/sources.list"
    [ -s "$STATE/layers/sources.list" ] ||
      die "this machine's apt knows no source of Debian $SUITE. Name a file with some: AKIRA_LAB_SOURCES=FILE (lines: deb URI $SUITE main)"
    build_layer base
  fi
  for role in $(hosts | awk '!seen[$2]++ { print $2 }'); do
    [ -d "$(layer_of "$role")" ] && continue
    build_layer "$role" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  [ $failed = 0 ] || exit 1
}

build_layer() {
  local began=$SECONDS into log
  into=$(layer_of "$1")
  log=$STATE/layers/$1.log
  say "building the layer '$1' ..."
  # Its own mounts and processes: both end with it, however it ends.
  # shellcheck disable=SC2046 # packages are words
  unshare --mount --pid --fork --kill-child --mount-proc "$LAB/layers/build" \
    "$STATE/layers" "$1" "$into" "$(layer_of base)" "$SUITE" $(packages_of "$1") >"$log" 2>&1 9>&- || {
    tail -5 "$log" >&2
    say "the layer '$1' could not be built; all that was said is in $log. The next up tries again"
    return 1
  }
  say "the layer '$1' is built: $((SECONDS - began)) s, $(du -sm "$into" | cut -f1) MB"
}

# Those of former recipes.
drop_old_layers() {
  local role current=' ' folder
  for role in base $(hosts | awk '!seen[$2]++ { print $2 }'); do current+="$(layer_of "$role") "; done
  for folder in "$STATE"/layers/*-????????????; do
    [[ $current == *" $folder "* ]] || rm -rf --one-file-system "$folder"
  done
}
