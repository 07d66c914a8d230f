# Runs test executables and adds up what they say. Sourced by ./test.
#
# A project tests/Fulcrum.X.Tests belongs to the tier that X names (Packet, Namespace, Interop, Kernel, EndToEnd), else
# to unit; tests/Fulcrum.Fuzz is the tier fuzz. Each is an executable that ends with xunit's summary:
#   Total: N, Errors: N, Failed: N, Skipped: N, Not Run: N
#
# Tests marked [InGuest] belong to the tier kernel wherever they are: they are left out where their project runs on this
# machine, and run in a guest (eng/guest/run), one for each project.

passed=0 failed=0 skipped=0
declare -A skip_reasons=()
# Far beyond what any executable needs: a hang becomes a failure.
bound=900

tier_of() {
  case $1 in
    Fulcrum.Packet.Tests) printf packet ;;
    Fulcrum.Namespace.Tests) printf namespace ;;
    Fulcrum.Interop.Tests) printf interop ;;
    Fulcrum.Kernel.Tests) printf kernel ;;
    Fulcrum.EndToEnd.Tests) printf e2e ;;
    Fulcrum.Fuzz) printf fuzz ;;
    *.Tests) printf unit ;;
  esac
}

run_tier() {
  local project name tier=$1
  case $tier in
    format) run_format && return ;;
    bench) run_bench && return ;;
    soak)
      export FULCRUM_SOAK=1
      bound=14400
      ;;
  esac
  [[ $tier != unit ]] || start_serial
  for project in "$root"/tests/*/*.csproj; do
    name=${project##*/}
    name=${name%.csproj}
    case $tier/$(tier_of "$name") in
      */) ;;
      soak/fuzz | kernel/fuzz) ;;
      fuzz/fuzz) run_executable "$tier" "$name" ;;
      unit/unit) is_serial "${project%/*}" || run_executable "$tier" "$name" -trait- "$in_guest" ;;
      soak/kernel) run_guest "$tier" "$name" '' && finish_jobs ;;
      # Most of it is waiting for daemons, so that is one half.
      kernel/kernel)
        run_guest "$tier" "$name" daemons -namespace "$name.Daemons"
        run_guest "$tier" "$name" others -namespace- "$name.Daemons"
        ;;
      kernel/*)
        ! is_marked "${project%/*}" InGuest || run_guest "$tier" "$name" '' -trait "$in_guest"
        ! is_marked "${project%/*}" AlsoInGuest || run_guest "$tier" "$name" older -trait "$also_in_guest"
        ;;
      soak/* | "$tier/$tier") run_executable "$tier" "$name" -trait- "$in_guest" ;;
    esac
  done
  finish_jobs
}

# Projects whose tests run one after the other leave a processor idle: they run beside the others of their tier.
start_serial() {
  local project name
  for project in "$root"/tests/*/*.csproj; do
    name=${project##*/}
    name=${name%.csproj}
    [[ $(tier_of "$name") == unit ]] && is_serial "${project%/*}" || continue
    start_job unit "$name" "$root/artifacts/test/$name.log" \
      timeout --kill-after=10 "$bound" "$dotnet" "$root/artifacts/bin/$name/release/$name.dll" -noColor -trait- "$in_guest"
  done
}

is_serial() {
  local line
  [[ -e $1/AssemblyInfo.cs ]] || return 1
  while IFS= read -r line; do
    [[ $line != *DisableTestParallelization\ =\ true* ]] || return 0
  done <"$1/AssemblyInfo.cs"
  return 1
}

# What [InGuest] and [AlsoInGuest] mark a test with.
in_guest=needs=guest also_in_guest=also=guest

# Whether a test of a project has an attribute.
is_marked() {
  local file line
  while IFS= read -r file; do
    while IFS= read -r line; do
      [[ ! $line =~ ^[[:space:]]*"[$2]"$ ]] || return 0
    done <"$file"
  done < <(find "$1" -name '*.cs')
  return 1
}

# What runs in the background, side by side: guests, each of which has a processor of its own, and what leaves one idle.
jobs=() jobs_running=0 jobs_at_once=2
declare -A job_ends=()

# Tier, project, which part of it or nothing, arguments. In a guest nothing is missing but what was not installed.
run_guest() {
  local tier=$1 name=$2 part=${3:+.$3} missing
  shift 3
  missing=$(missing_for_guest)
  if [[ -z $missing ]]; then
    [[ ${FULCRUM_REQUIRE:-} != all ]] || set -- "$@" -failSkips
    start_guest "$tier" "$name" "$part" "$@"
  elif [[ ${FULCRUM_REQUIRE:-} == all ]]; then
    failed=$((failed + 1))
    say "$tier: $name: FULCRUM_REQUIRE=all, but $missing"
  else
    skipped=$((skipped + 1))
    skip_reasons[$missing]=$((${skip_reasons[$missing]:-0} + 1))
  fi
}

start_guest() {
  local tier=$1 name=$2 label=$2$3
  shift 3
  start_job "$tier" "$label" "$root/artifacts/test/$label.guest.log" \
    "$root/eng/guest/run" --limit "$bound" -- "$dotnet" "$root/artifacts/bin/$name/release/$name.dll" -noColor "$@"
}

# Tier, label, log, command.
start_job() {
  local tier=$1 label=$2 log=$3
  shift 3
  [[ $jobs_running -lt $jobs_at_once ]] || await_job
  progress "$tier: $label"
  trap stop_jobs EXIT
  "$@" </dev/null >"$log" 2>&1 &
  jobs+=("$! $tier $label $SECONDS $log")
  jobs_running=$((jobs_running + 1))
}

await_job() {
  local pid= code job
  wait -n -p pid
  code=$?
  # One that a signal ended may be out of its sight already; its status is kept.
  if [[ -z ${pid:-} ]]; then
    for job in "${jobs[@]}"; do
      pid=${job%% *}
      [[ -z ${job_ends[$pid]:-} ]] || continue
      wait "$pid"
      code=$?
      break
    done
  fi
  job_ends[$pid]="$code $SECONDS"
  jobs_running=$((jobs_running - 1))
}

# In the order in which they began.
finish_jobs() {
  local job pid tier label began log code ended
  while [[ $jobs_running -gt 0 ]]; do await_job; done
  for job in "${jobs[@]}"; do
    read -r pid tier label began log <<<"$job"
    read -r code ended <<<"${job_ends[$pid]}"
    tee_failures /dev/null <"$log"
    conclude "$tier" "$label" "$code" $((ended - began)) "$log"
  done
  jobs=()
}

# Who is interrupted leaves none behind.
stop_jobs() {
  local job
  for job in "${jobs[@]}"; do
    [[ -n ${job_ends[${job%% *}]:-} ]] || kill -TERM "${job%% *}" 2>/dev/null
  done
}

missing_for_guest() {
  local name missing=()
  for name in linux.uml busybox modprobe setpriv; do
    have "$name" || missing+=("$name")
  done
  [[ ${#missing[@]} -eq 0 ]] || printf 'a guest needs %s; '\''./test --install'\'' installs it' "${missing[*]}"
}

# Tier, project, arguments.
run_executable() {
  local tier=$1 name=$2 started=$SECONDS log=$root/artifacts/test/$2.log
  local assembly=$root/artifacts/bin/$name/release/$name.dll
  shift 2
  progress "$tier: $name"
  timeout --kill-after=10 "$bound" "$dotnet" "$assembly" -noColor "$@" </dev/null 2>&1 | tee_failures "$log"
  conclude "$tier" "$name" "${PIPESTATUS[0]}" $((SECONDS - started)) "$log"
}

# Tier, name, exit code, seconds, log.
conclude() {
  local tier=$1 name=$2 code=$3 log=$5 summary
  progress_end
  summary=$(read_summary "$log")
  if [[ -z $summary ]]; then
    failed=$((failed + 1))
    [[ $code -ne 124 ]] || code="$code: not within $bound s"
    say "$tier: $name ended without a summary (exit code $code); ${log#"$root/"} ends with:"
    show_end "$log"
    return
  fi
  add_up "$tier" "$name" "$code" "$4" $summary
  read_skips "$log"
}

# Tier, name, exit code, seconds, then: total errors failed skipped not-run.
add_up() {
  local bad=$(($6 + $7)) good=$(($5 - $7 - $8 - $9))
  # A runner that fails without naming a test has still failed.
  [[ $3 -eq 0 || $bad -gt 0 ]] || bad=1
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + $8))
  say "$1: $2: $good passed, $bad failed, $8 skipped ($4 s)"
}

# Copies its input to a file and shows the failures in it, as they come.
tee_failures() {
  local line showing=
  while IFS= read -r line; do
    printf '%s\n' "$line" >&5
    case $line in
      *' [FAIL]' | *' [ERROR]'*) showing=1 ;;
      '      '*) ;;
      *) [[ $line == *[![:space:]]* ]] && showing= ;;
    esac
    [[ -z $showing ]] || { progress_end && say "$line"; }
  done 5>"$1"
}

show_end() {
  local lines
  mapfile -t lines <"$1"
  [[ ${#lines[@]} -le 15 ]] || lines=("${lines[@]: -15}")
  printf '  %s\n' "${lines[@]}" >&2
}

# Total errors failed skipped not-run of a log, or nothing.
read_summary() {
  local line
  while IFS= read -r line; do
    if [[ $line =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
      printf '%s ' "${BASH_REMATCH[@]:1}"
      return
    fi
    # A project without a test yet says no more than this.
    [[ $line != *'Total: 0' ]] || { printf '0 0 0 0 0' && return; }
  done <"$1"
}

# The line after "... [SKIP]" says why.
read_skips() {
  local line
  while IFS= read -r line; do
    if [[ $line == *' [SKIP]' ]] && IFS= read -r line; then
      line=${line#"${line%%[![:space:]]*}"}
      skip_reasons[$line]=$((${skip_reasons[$line]:-0} + 1))
    fi
  done <"$1"
}

# The formatter is a tool that restores like a package; where it does not, there is nothing to ask.
run_format() {
  local log=$root/artifacts/test/format.log
  progress "format"
  if ! (cd "$root" && "$dotnet" tool restore) >"$log" 2>&1; then
    progress_end
    if [[ ${FULCRUM_REQUIRE:-} == all ]]; then
      failed=$((failed + 1))
      say "format: the tool does not restore; see artifacts/test/format.log"
    else
      skipped=$((skipped + 1))
      skip_reasons['the formatter (dotnet tool restore) is not to be had']=1
    fi
  elif (cd "$root" && "$dotnet" csharpier check .) >"$log" 2>&1; then
    progress_end
    passed=$((passed + 1))
    say "format: 1 passed"
  else
    progress_end
    failed=$((failed + 1))
    cat "$log" >&2
    say "format: 1 failed; 'dotnet csharpier format .' mends it"
  fi
  return 0
}

run_bench() {
  local script
  for script in "$root"/bench/proxy "$root"/bench/load; do
    if "$script" >&2; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      say "bench: ${script##*/} failed"
    fi
  done
  return 0
}

# The reasons for skips, then the line that programs read. Ends the script.
report() {
  local reason
  for reason in "${!skip_reasons[@]}"; do
    say "skipped ${skip_reasons[$reason]}: $reason"
  done
  [[ $((passed + failed)) -gt 0 ]] || say "No test ran in: ${tiers[*]}"
  printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  [[ $failed -eq 0 && $passed -gt 0 ]]
}
