# shellcheck shell=bash
# The doubles of Vault, Grafana and Telegram: a .NET program, which the management host runs with this machine's runtime.

dotnet_root() { dirname "$(readlink -f "$(command -v dotnet)")"; }

# Built once for each state of its sources, like a layer; `doubles` is a link to the current build.
build_doubles() {
  local project=$LAB/doubles/Akira.Lab.Doubles build
  command -v dotnet >/dev/null || die 'the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0'
  build=$STATE/builds/doubles-$(find "$project" -name bin -prune -o -name obj -prune -o -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-12)
  if [ ! -d "$build" ]; then
    local began=$SECONDS
    say 'building the doubles of Vault, Grafana and Telegram ...'
    rm -rf "$STATE/builds" && mkdir -p "$STATE/builds"
    dotnet publish "$project" -c Release -o "$build.new" --nologo -v quiet >"$STATE/builds/log" 2>&1 </dev/null 9>&- || {
      grep ': error ' "$STATE/builds/log" | sort -u >&2 || cat "$STATE/builds/log" >&2
      die "the doubles could not be built; the compiler's words are in $STATE/builds/log"
    }
    mv -T "$build.new" "$build"
    say "the doubles are built: $((SECONDS - began)) s"
  fi
  DOUBLES=$build
}
