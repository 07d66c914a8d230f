# Shared by ./fulcrum, ./test and bench/*: words to the user, the .NET SDK, one build at a time. Sourced by bash, with
# $root set. Says what is missing before it uses anything that is not built into bash.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

# Without a home directory dotnet and its package cache have nowhere to go.
export HOME="${HOME:-$root/artifacts/home}"

say() { printf '%s\n' "$*" >&2; }

# The last words of a script that cannot go on: exit code, then lines.
die() {
  local code=$1
  shift
  progress_end
  printf '%s\n' "$@" >&2
  exit "$code"
}

# The full path of a program, from PATH, from the sbin directories, or nothing.
program() {
  local folder
  type -P "$1" && return
  for folder in /usr/sbin /sbin /usr/local/sbin; do
    [[ ! -x $folder/$1 ]] || { printf '%s\n' "$folder/$1" && return; }
  done
  return 1
}

# Whether there is a program, or a file by its full path.
have() {
  if [[ $1 == /* ]]; then
    [[ -e $1 ]]
  else
    program "$1" >/dev/null
  fi
}

# One line on a terminal, rewritten ($1); otherwise a line for each new step, if it has a name ($2).
progress() {
  if [[ -t 2 ]]; then
    printf '\r\033[K%s' "$1" >&2
    progress_open=1
  elif [[ -n ${2:-} && ${progress_step:-} != "$2" ]]; then
    progress_step=$2
    say "$2"
  fi
}

progress_end() {
  [[ -z ${progress_open:-} ]] || printf '\r\033[K' >&2
  progress_open=
}

# The SDK version that global.json asks for.
wanted_sdk() {
  local line
  while IFS= read -r line; do
    [[ $line =~ \"version\":\ *\"([0-9.]+)\" ]] && printf '%s' "${BASH_REMATCH[1]}" && return
  done <"$root/global.json"
}

explain_sdk() {
  say "Get it from your distribution (package dotnet-sdk-10.0) or from https://dotnet.microsoft.com/download/dotnet/10.0,"
  say "and put 'dotnet' in PATH or its directory in DOTNET_ROOT."
}

# Sets $dotnet, or explains how to get it.
check_dotnet() {
  local place
  for place in "$(type -P dotnet)" "${DOTNET_ROOT:-/nonexistent}/dotnet" "$HOME/.dotnet/dotnet"; do
    [[ -n $place && -x $place ]] && dotnet=$place && return
  done
  say "Fulcrum needs the .NET SDK $(wanted_sdk) or later, and there is no 'dotnet' in PATH ($PATH)."
  explain_sdk
  return 1
}

# The runtime alone cannot build, and an older SDK neither.
check_sdk() {
  local said
  check_dotnet || return
  (cd "$root" && "$dotnet" --version >/dev/null 2>&1 </dev/null) && return
  said=$("$dotnet" --list-sdks 2>/dev/null </dev/null)
  say "Fulcrum needs the .NET SDK $(wanted_sdk) or later; $dotnet has ${said:-no SDK, only a runtime}."
  explain_sdk
  return 1
}

# The small programs that a script cannot do without.
check_programs() {
  local name missing=()
  for name in "$@"; do
    have "$name" || missing+=("$name")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  say "Missing in PATH ($PATH): ${missing[*]}. On Debian they are in the packages coreutils and findutils."
  return 1
}

# Whether nothing under the given paths (of the root) is newer than a stamp. Directories count: they change when
# a file comes or goes.
up_to_date() {
  local stamp=$1 path paths=()
  shift
  [[ -f $stamp ]] || return 1
  for path in "$@"; do
    [[ ! -e $root/$path ]] || paths+=("$root/$path")
  done
  [[ -z $(find "${paths[@]}" -name node_modules -prune -o -newer "$stamp" -print -quit) ]]
}

# One build at a time, also among calls of different scripts.
lock_build() {
  local owner
  mkdir -p "$root/artifacts"
  build_lock=$root/artifacts/.build.lock
  if have flock; then
    exec 9>"$build_lock"
    flock -n 9 && return
    say "Waiting for another build to end"
    flock 9
    return
  fi
  until mkdir "$build_lock.d" 2>/dev/null; do
    owner=$(cat "$build_lock.d/pid" 2>/dev/null) || owner=
    if [[ -n $owner && ! -d /proc/$owner ]]; then
      rm -rf "$build_lock.d"
      continue
    fi
    sleep 0.2
  done
  printf '%s\n' $$ >"$build_lock.d/pid"
  trap 'rm -rf "$build_lock.d"' EXIT
}

unlock_build() {
  if have flock; then
    exec 9>&-
  else
    rm -rf "$build_lock.d"
    trap - EXIT
  fi
}

# Builds a project or the solution in Release: what to call it, the file, how many projects, further arguments.
# Prints errors as they come; the whole log is artifacts/build.log. Returns dotnet's exit code.
build() {
  local label=$1 file=$2 projects=$3 started=$SECONDS code
  shift 3
  progress "Building $label" "Building $label"
  # The lock is not inherited: the compiler server stays behind for a while. Nor is the terminal: dotnet would set modes.
  (cd "$root" && "$dotnet" build "$file" -c Release -nologo -v:m -tl:off "$@" 2>&1 9>&- </dev/null) | show_build "$label" "$projects"
  code=${PIPESTATUS[0]}
  progress_end
  [[ $code -ne 0 ]] || [[ -t 2 ]] || say "Built $label in $((SECONDS - started)) s"
  [[ $code -eq 0 ]] || say "Building $label failed; all of it is in artifacts/build.log"
  return "$code"
}

show_build() {
  local line name built=0
  local -A shown=()
  while IFS= read -r line; do
    printf '%s\n' "$line" >&4
    case $line in
      *': error '* | *'error MSB'* | *'error NU'*)
        name=${line%% [[]*}
        [[ -n ${shown[$name]:-} ]] || { progress_end && say "$name"; }
        shown[$name]=1
        ;;
      *' -> '*)
        built=$((built + 1))
        name=${line%% -> *}
        progress "Building $1: ${name##* } ($built of $2)" "Building $1"
        ;;
      *estor*) progress "Building $1: restoring packages" "Building $1" ;;
    esac
  done 4>"$root/artifacts/build.log"
}
