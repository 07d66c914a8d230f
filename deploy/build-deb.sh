#!/bin/bash
# Makes artifacts/deb/fulcrum_VERSION_amd64.deb: the program with its runtime, units, completions, documentation. Needs
# dpkg-deb and the .NET SDK. The same sources and SDK give the same bytes (SOURCE_DATE_EPOCH, or the time of the last
# commit). The last line on standard output is the path of the package.

self=${BASH_SOURCE[0]}
[[ $self == */* ]] || self=./$self
root=$(cd "${self%/*}/.." && pwd -P) || exit 2

. "$root/eng/common.sh"
. "$root/deploy/publish.sh"

case ${1:-} in
  '') ;;
  -h | --help)
    printf '%s\n' "Usage: deploy/build-deb.sh" "" "Makes artifacts/deb/fulcrum_VERSION_amd64.deb." \
      "FULCRUM_MAINTAINER='Name <address>' names who answers for it; DPKG_DEB_COMPRESSOR_LEVEL=1 packs faster and larger."
    exit 0
    ;;
  *) die 2 "There is no argument '$1'; see deploy/build-deb.sh --help" ;;
esac

check_dotnet || lacking=1
check_programs dpkg-deb find gzip install md5sum sed sort stat touch || lacking=1
[[ -z ${lacking:-} ]] || exit 2
check_sdk || exit 2

set -e -o pipefail
umask 022
export LC_ALL=C
version=$(package_version)
SOURCE_DATE_EPOCH=$(package_time)
export SOURCE_DATE_EPOCH
maintainer=${FULCRUM_MAINTAINER:-The Fulcrum authors <fulcrum@localhost>}
publish

tree=$root/artifacts/package/deb
rm -rf "$tree"
lib=$tree/usr/lib/fulcrum
share=$tree/usr/share
doc=$share/doc/fulcrum
put() { install -D -m "${3:-644}" "$1" "$2"; }

# Libraries and assemblies are read; only programs are run.
mkdir -p "$tree/usr/lib"
cp -r "$published" "$lib"
find "$lib" -type d -exec chmod 755 {} +
find "$lib" -type f -exec chmod 644 {} +
chmod 755 "$lib/fulcrum" "$lib/createdump"
mkdir -p "$tree/usr/bin"
ln -s ../lib/fulcrum/fulcrum "$tree/usr/bin/fulcrum"

put "$root/deploy/fulcrum.yaml" "$tree/etc/fulcrum/fulcrum.yaml"
put "$root/deploy/systemd/fulcrum.service" "$tree/usr/lib/systemd/system/fulcrum.service"
put "$root/deploy/systemd/fulcrum.socket" "$tree/usr/lib/systemd/system/fulcrum.socket"
put "$root/deploy/systemd/fulcrum.sysusers" "$tree/usr/lib/sysusers.d/fulcrum.conf"
put "$root/deploy/systemd/programs.conf" "$tree/usr/share/fulcrum/programs.conf"
put "$root/schema/fulcrum.schema.json" "$share/fulcrum/fulcrum.schema.json"

# What the program says of itself, as far as this version says it.
say_itself() {
  local file=$1
  shift
  if "$lib/fulcrum" "$@" >"$root/artifacts/package/said" 2>/dev/null; then
    put "$root/artifacts/package/said" "$file"
  else
    say "fulcrum $* says nothing: ${file#"$tree"} is left out"
  fi
}
say_itself "$share/bash-completion/completions/fulcrum" completion bash
say_itself "$share/zsh/vendor-completions/_fulcrum" completion zsh
say_itself "$share/fish/vendor_completions.d/fulcrum.fish" completion fish
say_itself "$share/man/man1/fulcrum.1" man
[[ ! -f $share/man/man1/fulcrum.1 ]] || gzip -9n "$share/man/man1/fulcrum.1"

put "$root/deploy/debian/copyright" "$doc/copyright"
put "$root/deploy/debian/lintian-overrides" "$share/lintian/overrides/fulcrum"
for page in "$root"/docs/*.md; do
  put "$page" "$doc/${page##*/}"
done
find "$root/examples" -maxdepth 1 -type f -exec install -D -m 644 -t "$doc/examples" {} +
printf 'fulcrum (%s) unstable; urgency=medium\n\n  * CHANGELOG.md of this version tells what is new.\n\n -- %s  %s\n' \
  "$version" "$maintainer" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"
gzip -9nc "$root/CHANGELOG.md" >"$doc/CHANGELOG.md.gz"
# What the runtime contains of others comes with its package.
runtime=$(sed -n '/"Microsoft.NETCore.App"/{n;s/.*"version": "\([^"]*\)".*/\1/p}' "$published/fulcrum.runtimeconfig.json")
packages=$("$dotnet" nuget locals global-packages --list)
packages=${packages#*: }
gzip -9nc "${packages%/}/microsoft.netcore.app.runtime.linux-x64/$runtime/THIRD-PARTY-NOTICES.TXT" >"$doc/runtime-notices.gz"

# The control files; sizes and sums are of what is there now.
mkdir -p "$tree/DEBIAN"
size=$(find "$tree" -type f -printf '%s\n' | { sum=0; while read -r bytes; do sum=$((sum + (bytes + 1023) / 1024)); done; printf '%s' "$sum"; })
sed -e "s|@VERSION@|$version|" -e "s|@MAINTAINER@|$maintainer|" -e "s|@SIZE@|$size|" "$root/deploy/debian/control" \
  >"$tree/DEBIAN/control"
printf '/etc/fulcrum/fulcrum.yaml\n' >"$tree/DEBIAN/conffiles"
for script in postinst prerm postrm; do
  put "$root/deploy/debian/$script" "$tree/DEBIAN/$script" 755
done
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
chmod 644 "$tree/DEBIAN/md5sums" "$tree/DEBIAN/control" "$tree/DEBIAN/conffiles"
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$root/artifacts/deb"
package=$root/artifacts/deb/fulcrum_${version}_amd64.deb
dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >&2
printf '%s\n' "$package"
