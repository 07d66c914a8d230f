# Builds the program and the benchmarks, and becomes a benchmark. Sourced by bench/*.

root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd -P) || exit 2

. "$root/eng/common.sh"

check_programs find mkdir mv touch rm cat sleep || exit 2
check_sdk || exit 2
lock_build
projects=("$root"/src/*/*.csproj)
build fulcrum src/Fulcrum/Fulcrum.csproj "${#projects[@]}" || exit 2
build benchmarks bench/Fulcrum.Bench/Fulcrum.Bench.csproj 1 || exit 2
unlock_build
export PATH=$PATH:/usr/sbin:/sbin:${dotnet%/*}
exec "$dotnet" "$root/artifacts/bin/Fulcrum.Bench/release/Fulcrum.Bench.dll" "$@"
