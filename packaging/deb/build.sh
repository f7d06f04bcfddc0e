#!/usr/bin/env bash
# Makes a Debian package of the program `digits`: build.sh PROGRAM ARCHITECTURE OUT, OUT being a folder.
# Completions and the manual page come from the program, so it has to run on this machine.
set -euo pipefail

program=$(realpath "${1:?the program digits}") architecture=${2:?architecture, such as amd64} out=${3:?folder for the package}
repository=$(realpath "$(dirname "$0")/../..")
version=$("$program" --version | cut -d ' ' -f 2)
mkdir -p "$out"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root
# The umask of who builds does not become the mode of what is installed.
umask 022

install -D -m 755 "$program" "$root/usr/bin/digits"
mkdir -p "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
    "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d" \
    "$root/usr/share/doc/digits" "$root/DEBIAN"
"$program" --generate man | gzip -9n > "$root/usr/share/man/man1/digits.1.gz"
"$program" --generate bash > "$root/usr/share/bash-completion/completions/digits"
"$program" --generate zsh > "$root/usr/share/zsh/vendor-completions/_digits"
"$program" --generate fish > "$root/usr/share/fish/vendor_completions.d/digits.fish"
gzip -9nc "$repository/CHANGELOG.md" > "$root/usr/share/doc/digits/changelog.gz"
cat "$repository/LICENSE-MIT" "$repository"/LICENSE-APACHE > "$root/usr/share/doc/digits/copyright"
for licence in "$repository"/crates/digit-source/fonts/*/OFL.txt; do
    printf '\n\nFont face %s\n\n' "$(basename "$(dirname "$licence")")"
    cat "$licence"
done >> "$root/usr/share/doc/digits/copyright"
{
    printf '\n\nuPlot, in the pages of reports\n\n'
    cat "$repository/crates/stage-page/vendor/uplot/LICENSE"
    printf '\n\nclient-zip, in the page to draw and collect on\n\n'
    cat "$repository/crates/digit-page/page/vendor/client-zip.LICENSE.txt"
} >> "$root/usr/share/doc/digits/copyright"

# The program is static: it depends on nothing.
cat > "$root/DEBIAN/control" <<CONTROL
Package: digits
Version: $version
Architecture: $architecture
Maintainer: ${DEB_MAINTAINER:-the digits project <digits@localhost>}
Installed-Size: $(du -sk "$root/usr" | cut -f 1)
Section: science
Priority: optional
Description: pictures of digits to a trained network and a report
 Labels pictures of handwritten digits, trains a multi-layer perceptron on
 them, predicts, and reports how well it does.
CONTROL
dpkg-deb --root-owner-group --build "$root" "$out/digits_${version}_$architecture.deb"
