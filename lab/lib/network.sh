# shellcheck shell=bash
# One bridge with the machine on it, one network namespace a host. Nothing of it leads anywhere else.

BRIDGE=br-akira
SUBNET=10.77.0.0/24
RESPONDER_ADDRESS=10.77.0.1 # this machine, as the hosts see it

network_up() {
  local taken host
  taken=$(ip -4 route show "$SUBNET" | grep -v -e "dev $BRIDGE" -e '^unreachable' || true)
  [ -z "$taken" ] || die "the lab's network $SUBNET is in use on this machine: $taken"
  # Beside the bridge's own route: when the bridge is gone, the addresses are nowhere, and not behind the default route.
  ip route replace unreachable "$SUBNET" metric 9999
  ip link show "$BRIDGE" >/dev/null 2>&1 || ip link add "$BRIDGE" type bridge
  ip addr replace "$RESPONDER_ADDRESS/${SUBNET#*/}" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  nft -f - <<RULES
table inet akira_lab
delete table inet akira_lab
table inet akira_lab {
  counter stopped {}
  chain forward {
    type filter hook forward priority -10; policy accept;
    iifname "$BRIDGE" oifname != "$BRIDGE" counter name stopped drop
    oifname "$BRIDGE" iifname != "$BRIDGE" counter name stopped drop
  }
}
RULES
  for host in $(host_names); do namespace_up "$host"; done
}

namespace_up() {
  local host=$1 address link
  address=$(address_of "$host")
  link=lab-${address##*.}
  # An interrupted up may have left half of it: the address is set last, so a namespace that has it is whole.
  ip -n "$host" -4 addr show dev eth0 2>/dev/null | grep -q "inet $address/" && return
  namespace_down "$host"
  ip netns add "$host"
  ip link add "$link" type veth peer name eth0 netns "$host"
  ip link set "$link" master "$BRIDGE" up
  ip -n "$host" link set lo up
  ip -n "$host" link set eth0 up
  local further
  for further in $(hosts | awk -v h="$host" '$1 == h { for (i = 4; i <= NF; i++) print $i }'); do
    ip -n "$host" addr add "$further/32" dev eth0
  done
  ip -n "$host" addr add "$address/${SUBNET#*/}" dev eth0
}

# link_of HOST up|down: its cable.
link_of() {
  local address
  address=$(address_of "$1")
  ip link set "lab-${address##*.}" "$2" 2>/dev/null || true
}

namespace_down() {
  local address
  address=$(address_of "$1")
  ip link del "lab-${address##*.}" 2>/dev/null || true
  ip netns del "$1" 2>/dev/null || true
}

network_down() {
  local host
  for host in $(host_names); do namespace_down "$host"; done
  ip link del "$BRIDGE" 2>/dev/null || true
  ip route del unreachable "$SUBNET" metric 9999 2>/dev/null || true
  nft delete table inet akira_lab 2>/dev/null || true
}
