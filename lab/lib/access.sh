# shellcheck shell=bash
# Keys, secrets, certificates and names: what a responder, and a person, need to work on the hosts. Made once, and kept
# from one lab to the next; nothing here is trusted by the machine itself.

NAMES='mgmt.akira-staging.asheep.it grafana.akira-staging.asheep.it'
MARK='# akira lab'

make_keys() {
  local name
  install -d -m 700 "$STATE/keys"
  for name in responder $(host_names); do
    [ -f "$STATE/keys/$name.pub" ] && continue
    rm -f "$STATE/keys/$name"
    ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$STATE/keys/$name"
  done
}

secret() {
  local file=$STATE/keys/$1.secret
  [ -s "$file" ] || (umask 077 && openssl rand -hex 16 >"$file")
  cat "$file"
}

# The lab's certificate authority: a root, and what Caddy signs with.
make_authority() {
  local at=$STATE/authority new=$STATE/authority.new
  [ -d "$at" ] && return
  rm -rf "$new" && mkdir -p "$new"
  (
    cd "$new"
    exec 2>openssl.log
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=Akira lab root' \
      -addext 'basicConstraints=critical,CA:true' -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout root.key -out root.crt
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=Akira lab pages' -keyout pages.key -out pages.csr
    openssl x509 -req -in pages.csr -CA root.crt -CAkey root.key -CAcreateserial -days 1825 -out pages.crt \
      -extfile <(printf 'basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n')
  ) || die "openssl made no authority; it says why in $new/openssl.log"
  mv -T "$new" "$at"
}

authority_of_pages() {
  install -d -m 755 "$1"
  install -m 644 "$STATE/authority/root.crt" "$STATE/authority/root.key" "$STATE/authority/pages.crt" "$STATE/authority/pages.key" "$1"
}

names_of_the_lab() {
  hosts | awk '{ print $3, $1 }'
  echo "$(address_of akira-mgmt-01-staging) $NAMES"
  echo "$RESPONDER_ADDRESS akira-responder"
}

# The machine's own table of names, between two marks. Replaced in one step: no reader sees half of it.
names_up() {
  local new
  new=$(mktemp /etc/hosts.akira-lab.XXXXXX)
  {
    sed "/^$MARK: begin/,/^$MARK: end/d" /etc/hosts
    echo "$MARK: begin (removed by: akira lab down)"
    names_of_the_lab
    echo "$MARK: end"
  } >"$new"
  replace_names "$new"
}
names_down() {
  rm -f /etc/hosts.akira-lab.??????
  grep -q "^$MARK: begin" /etc/hosts || return 0
  local new
  new=$(mktemp /etc/hosts.akira-lab.XXXXXX)
  sed "/^$MARK: begin/,/^$MARK: end/d" /etc/hosts >"$new"
  replace_names "$new"
}
replace_names() {
  chmod 644 "$1"
  # In a container the table is a mount of its own: it can be written, not replaced.
  mv -f "$1" /etc/hosts 2>/dev/null || { cat "$1" >/etc/hosts && rm -f "$1"; }
}

# The files that a responder is started with, and a shell.
write_access() {
  local host
  for host in $(host_names); do
    cat <<CONFIG
Host $host $(address_of "$host")
  HostName $(address_of "$host")
  User root
  IdentityFile $STATE/keys/responder
  IdentitiesOnly yes
  UserKnownHostsFile $STATE/known_hosts
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  ConnectTimeout 10
  LogLevel ERROR
CONFIG
  done >"$STATE/ssh_config"
  # We made the host keys, so nobody is trusted on first use.
  for host in $(host_names); do
    echo "$host,$(address_of "$host") $(cut -d' ' -f1,2 "$STATE/keys/$host.pub")"
  done >"$STATE/known_hosts"

  cat /etc/ssl/certs/ca-certificates.crt "$STATE/authority/root.crt" >"$STATE/ca-bundle.crt" 2>/dev/null || true
  for host in akira-db-01-staging akira-db-02-staging; do
    echo "$(address_of "$host"):5432:*:akira_probe:$(secret probe)"
  done >"$STATE/pgpass"
  chmod 600 "$STATE/pgpass"
  mkdir -p "$STATE/bin"
  printf '#!/bin/sh\nexec /usr/bin/ssh -F "%s" "$@"\n' "$STATE/ssh_config" >"$STATE/bin/ssh"
  chmod +x "$STATE/bin/ssh"
  local mgmt
  mgmt=$(address_of akira-mgmt-01-staging)
  cat >"$STATE/lab.env" <<ENV
# For a shell or a responder that is to reach the lab: . $STATE/lab.env
export PATH="$STATE/bin:\$PATH"
export CURL_CA_BUNDLE="$STATE/ca-bundle.crt" SSL_CERT_FILE="$STATE/ca-bundle.crt"
export PGUSER=akira_probe PGPASSFILE="$STATE/pgpass"
export AKIRA_Ssh__KnownHosts="$STATE/known_hosts" AKIRA_Ssh__Keys="$STATE/keys/responder"
export AKIRA_Telegram__ApiBase="http://$mgmt:8081"
export AKIRA_Nats__Url="nats://$mgmt:4222"
ENV
}
