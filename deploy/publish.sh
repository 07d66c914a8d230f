# The program with the runtime that it needs, in artifacts/package/program. Sourced by the scripts that pack it, after
# eng/common.sh.
#
# The whole runtime is taken along: 106 MB, 34 MB in a package. Trimmed it would be 31 MB, but then it would not be
# the program that the tests have run: a trimmer may leave out what is only found while it runs.

published=$root/artifacts/package/program

# The version as Debian sorts it: 1.0-rc.1 is before 1.0.
package_version() {
  local line prefix= suffix=
  while IFS= read -r line; do
    [[ $line =~ \<VersionPrefix\>([^\<]+)\< ]] && prefix=${BASH_REMATCH[1]}
    [[ $line =~ \<VersionSuffix\>([^\<]+)\< ]] && suffix=${BASH_REMATCH[1]}
  done <"$root/Directory.Build.props"
  printf '%s' "$prefix${suffix:+~$suffix}"
}

# When the sources were last changed, so that the same sources give the same bytes.
package_time() {
  [[ -z ${SOURCE_DATE_EPOCH:-} ]] || { printf '%s' "$SOURCE_DATE_EPOCH" && return; }
  git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/Directory.Build.props"
}

publish() {
  local log=$root/artifacts/package/publish.log code
  mkdir -p "$root/artifacts/package"
  lock_build
  progress "Publishing fulcrum with its runtime" "Publishing fulcrum with its runtime"
  rm -rf "$published"
  (cd "$root" && "$dotnet" publish src/Fulcrum/Fulcrum.csproj -c Release -nologo -v:m -tl:off -p:WithRuntime=true \
    -o "$published" >"$log" 2>&1 9>&- </dev/null)
  code=$?
  progress_end
  unlock_build
  [[ $code -eq 0 ]] || { tail -n 15 "$log" >&2 && die "$code" "Publishing failed; all of it is in artifacts/package/publish.log"; }
  # It is for tracing with LTTng alone, and would be the only part that needs its library.
  rm -f "$published/libcoreclrtraceptprovider.so"
}
