#!/bin/bash
# Makes the image fulcrum:VERSION with podman or buildah, out of the Debian package and the libraries that it depends
# on. They come from the Debian that this machine installs from; no image is pulled. Needs mmdebstrap.

self=${BASH_SOURCE[0]}
[[ $self == */* ]] || self=./$self
root=$(cd "${self%/*}/.." && pwd -P) || exit 2

. "$root/eng/common.sh"
. "$root/deploy/publish.sh"

case ${1:-} in
  '') ;;
  -h | --help)
    printf '%s\n' "Usage: deploy/build-container.sh" "" "Makes the image fulcrum:VERSION with podman or buildah."
    exit 0
    ;;
  *) die 2 "There is no argument '$1'; see deploy/build-container.sh --help" ;;
esac

for builder in podman buildah ''; do
  [[ -z $builder ]] || ! have "$builder" || break
done
[[ -n $builder ]] || die 2 "An image is built by podman or buildah, and neither is in PATH ($PATH)." \
  "On Debian: apt-get install buildah"
have mmdebstrap || die 2 "The root of the image is made by mmdebstrap, which is not in PATH ($PATH)." \
  "On Debian: apt-get install mmdebstrap"

# The suite of this machine, and those files of apt that name it.
suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
sources=()
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
  [[ ! -f $file ]] || ! grep -Eq "^[^#]*[[:space:]]$suite([[:space:]]|\$)" "$file" || sources+=("$file")
done
[[ -n $suite && ${#sources[@]} -gt 0 ]] || die 2 "This machine's apt has no sources of a Debian to take libraries from."

set -e -o pipefail
version=$(package_version)
SOURCE_DATE_EPOCH=$(package_time)
export SOURCE_DATE_EPOCH
package=$("$root/deploy/build-deb.sh" | tail -n 1)

# Packages are unpacked and not configured, so what their scripts would do is done here: the authorities in one file,
# and the user.
context=$root/artifacts/package/container
rm -rf "$context"
mkdir -p "$context"
cp "$root/deploy/container/Containerfile" "$context/"
cat >"$context/fill" <<'FILL'
set -e
cd "$1"
mkdir -p etc/ssl/certs proc run sys tmp var/lib/fulcrum
cat usr/share/ca-certificates/mozilla/*.crt >etc/ssl/certs/ca-certificates.crt
# Programs, documentation, and what is this machine's own.
rm -rf bin sbin usr/bin usr/sbin usr/share/[!d]* usr/lib/ssl/misc usr/lib/systemd etc/ca-certificates \
  etc/debconf.conf etc/fstab etc/hostname etc/resolv.conf
dpkg-deb --extract "$package" .
rm -rf usr/lib/systemd usr/lib/sysusers.d usr/share/fish usr/share/man usr/share/zsh usr/share/bash-completion usr/share/lintian
find usr/share/doc -type f ! -path '*/fulcrum/*' ! -name copyright -delete
printf 'root:x:0:0:root:/:/nonexistent\nfulcrum:x:10053:10053:Fulcrum:/var/lib/fulcrum:/nonexistent\n' >etc/passwd
printf 'root:x:0:\nfulcrum:x:10053:\n' >etc/group
printf 'hosts: files dns\n' >etc/nsswitch.conf
chown 10053:10053 var/lib/fulcrum
chmod 700 var/lib/fulcrum
chmod 1777 tmp
FILL
export package
mmdebstrap --variant=extract --include=base-files,libc6,libgcc-s1,libssl3,libstdc++6,ca-certificates \
  --extract-hook="sh $context/fill \"\$1\"" "$suite" "$context/root.tar" "${sources[@]}"
rm "$context/fill"

image=fulcrum:$version
# The health check is part of the older of the two image formats alone.
"$builder" build --format docker --pull=never --timestamp "$SOURCE_DATE_EPOCH" --tag "$image" "$context" >&2
printf '%s\n' "$image"
