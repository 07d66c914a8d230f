# Builds the program and the benchmarks, and becomes a benchmark. Sourced by bench/*, with the programs and files of
# eng/packages.txt that it compares with in $needs.

root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd -P) || exit 2

. "$root/eng/common.sh"
. "$root/eng/install.sh"

check_programs find mkdir mv touch rm cat sleep || exit 2
check_sdk || exit 2
[[ -z ${needs[*]:-} ]] || install_packages "${needs[@]}" || say "What cannot be installed is left out."
lock_build
projects=("$root"/src/*/*.csproj)
build fulcrum src/Fulcrum/Fulcrum.csproj "${#projects[@]}" || exit 2
build benchmarks bench/Fulcrum.Bench/Fulcrum.Bench.csproj 1 || exit 2
unlock_build
export PATH=$PATH:/usr/sbin:/sbin:${dotnet%/*}
exec "$dotnet" "$root/artifacts/bin/Fulcrum.Bench/release/Fulcrum.Bench.dll" "$@"
