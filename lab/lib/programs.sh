# shellcheck shell=bash
# .NET programs that the hosts run with this machine's runtime: the doubles of Vault, Grafana and Telegram on the management
# host; Akira itself, for the CDR relay and the CDR worker.

SOURCE=$(dirname "$LAB")

dotnet_root() { dirname "$(readlink -f "$(command -v dotnet)")"; }

project_of() {
  case $1 in
    doubles) echo "$LAB/doubles/Akira.Lab.Doubles" ;;
    akira) echo "$SOURCE/src/Akira.Cli" ;;
  esac
}

# program_folder doubles|akira: the one its build has, or will have: as with a layer, its name ends in a hash of its sources.
program_folder() {
  local sources hash
  case $1 in
    doubles) sources=("$(project_of doubles)") ;;
    akira) sources=("$SOURCE/src" "$SOURCE/Directory.Packages.props" "$SOURCE/Directory.Build.props") ;;
  esac
  hash=$(find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -type f -print0 | sort -z | xargs -0 cat | sha256sum)
  printf '%s/builds/%s-%s\n' "$STATE" "$1" "${hash:0:12}"
}

build_programs() {
  local name build began=$SECONDS
  command -v dotnet >/dev/null || die 'the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0'
  for name in doubles akira; do
    build=$(program_folder $name)
    [ ! -d "$build" ] || continue
    say "building $name ..."
    mkdir -p "$STATE/builds"
    # What hosts run from stays: they have it mounted.
    any_host_runs || rm -rf "$STATE/builds/$name"-*
    dotnet publish "$(project_of $name)" -c Release -o "$build.new" --nologo -v quiet >"$STATE/builds/log" 2>&1 </dev/null 9>&- || {
      grep ': error ' "$STATE/builds/log" | sort -u >&2 || cat "$STATE/builds/log" >&2
      die "$name could not be built; the compiler's words are in $STATE/builds/log"
    }
    mv -T "$build.new" "$build"
    say "$name is built: $((SECONDS - began)) s"
  done
}
