# Installs what eng/packages.txt names and this machine lacks. Sourced by ./test and bench/*.

# The packages whose program or file is missing, one a line; with arguments only those that give one of these.
missing_packages() {
  local package command why
  while read -r package command why; do
    [[ $package != '#'* && -n $command ]] || continue
    [[ $# -eq 0 || " $* " == *" $command "* ]] || continue
    have "$command" || printf '%s\n' "$package"
  done <"$root/eng/packages.txt"
}

install_packages() {
  local packages policy=/usr/sbin/policy-rc.d made= code as=()
  mapfile -t packages < <(missing_packages "$@")
  [[ ${#packages[@]} -gt 0 ]] || return 0
  have apt-get || { say "Installing needs apt-get; install by hand: ${packages[*]}" && return 1; }
  if [[ $EUID -ne 0 ]]; then
    have sudo || { say "Installing needs root, or sudo; install by hand: ${packages[*]}" && return 1; }
    as=(sudo)
  fi
  # Exit code 101 forbids every start of a service (Debian's policy-rc.d). A policy that is there stays.
  if [[ ! -e $policy ]]; then
    made=1
    "${as[@]}" sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy" || return 1
  fi
  say "Installing ${packages[*]}"
  apt_install || { "${as[@]}" apt-get update -q >>"$root/artifacts/install.log" 2>&1 && apt_install; }
  code=$?
  [[ -z $made ]] || "${as[@]}" rm -f "$policy"
  [[ $code -eq 0 ]] || say "apt-get failed; see artifacts/install.log"
  return "$code"
}

apt_install() {
  mkdir -p "$root/artifacts"
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}" \
    >>"$root/artifacts/install.log" 2>&1 </dev/null
}
