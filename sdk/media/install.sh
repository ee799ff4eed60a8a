#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what voice needs, the lean way: packages.txt with apt, then only the four plugins that are used out of the package
# gstreamer1.0-plugins-bad, whose other plugins drag in 200 MB (a speech synthesiser, codecs, a sound font, GTK).
# The package comes from apt, so its signature is checked; it is unpacked, not installed. Whoever prefers the whole package
# installs it instead (apt-get install --no-install-recommends gstreamer1.0-plugins-bad): it is used where it is there.
# Run it again after a security update of libgstreamer-plugins-bad1.0-0. Needs root, or DESTINATION and packages in place.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
destination=${DESTINATION:-/usr/local/lib/clarion/gstreamer-1.0}
plugins="webrtc dtls srtp webrtcdsp"

if [ "$(id -u)" = 0 ]; then
    # shellcheck disable=SC2046
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=500 -y -q --no-install-recommends install \
        $(cat "$here/packages.txt")
fi

system=$(dpkg-query -L gstreamer1.0-nice | grep '/libgstnice\.so$')
system=$(dirname "$system")
if [ -e "$system/libgstwebrtc.so" ]; then
    echo "gstreamer1.0-plugins-bad is installed: nothing to fetch"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
version=$(dpkg-query -W -f='${Version}' libgstreamer-plugins-bad1.0-0)
(cd "$work" && apt-get -q download "gstreamer1.0-plugins-bad=$version" 2>/dev/null)
dpkg-deb -x "$work"/gstreamer1.0-plugins-bad_*.deb "$work/tree"
mkdir -p "$destination"
for plugin in $plugins; do
    install -m 644 "$work/tree$system/libgst$plugin.so" "$destination/"
done
echo "plugins $plugins of gstreamer1.0-plugins-bad $version are in $destination"
