# shellcheck shell=bash
# The doubles of Vault, Grafana and Telegram: a .NET program, which the management host runs with this machine's runtime.

PROJECT=$LAB/doubles/Akira.Lab.Doubles

dotnet_root() { dirname "$(readlink -f "$(command -v dotnet)")"; }

# The folder their build has, or will have: as with a layer, its name ends in a hash of its sources.
doubles_folder() {
  local hash
  hash=$(find "$PROJECT" \( -name bin -o -name obj \) -prune -o -type f -print0 | sort -z | xargs -0 cat | sha256sum)
  printf '%s/builds/doubles-%s\n' "$STATE" "${hash:0:12}"
}

build_doubles() {
  local build began=$SECONDS
  build=$(doubles_folder)
  [ ! -d "$build" ] || return 0
  command -v dotnet >/dev/null || die 'the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0'
  say 'building the doubles of Vault, Grafana and Telegram ...'
  rm -rf "$STATE/builds" && mkdir -p "$STATE/builds"
  dotnet publish "$PROJECT" -c Release -o "$build.new" --nologo -v quiet >"$STATE/builds/log" 2>&1 </dev/null 9>&- || {
    grep ': error ' "$STATE/builds/log" | sort -u >&2 || cat "$STATE/builds/log" >&2
    die "the doubles could not be built; the compiler's words are in $STATE/builds/log"
  }
  mv -T "$build.new" "$build"
  say "the doubles are built: $((SECONDS - began)) s"
}
