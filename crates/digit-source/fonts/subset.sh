#!/bin/sh
# Makes the font files of this folder anew: fetches each face, leaves only the digits 0 to 9, puts its licence beside it.
# Needs npm, tar, and fonttools (`pip install fonttools==4.68.0`) on the PATH. Run it in this folder.
# Refuses a face whose licence reserves a font name: a subset is a modified version and may not keep such a name.
set -eu

faces="
annie-use-your-telescope 0.4.0
architects-daughter 0.4.1
caveat 0.4.2
eb-garamond 0.4.3
indie-flower 0.4.1
inter 0.4.2
jetbrains-mono 0.4.1
kalam 0.4.1
mali 0.4.1
nunito 0.4.2
patrick-hand 0.4.1
shadows-into-light 0.4.1
"

here=$(pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

echo "$faces" | while read -r face version; do
    [ -n "$face" ] || continue
    (cd "$work" && npm pack --silent "@expo-google-fonts/$face@$version" > /dev/null)
    mkdir "$work/$face"
    tar -xzf "$work/expo-google-fonts-$face-$version.tgz" -C "$work/$face"
    licence="$work/$face/package/LICENSE_FONT"
    if sed '/PREAMBLE/q' "$licence" | grep -qi 'reserved font name'; then
        echo "$face: its licence reserves a font name; choose another face" >&2
        exit 1
    fi
    mkdir -p "$here/$face"
    tr -d '\r' < "$licence" > "$here/$face/OFL.txt"
    pyftsubset "$work/$face/package/400Regular/"*_400Regular.ttf \
        --text=0123456789 --layout-features= --no-hinting --name-IDs=0,1,2,3,5,13,14 \
        --output-file="$here/$face/digits.ttf"
done
python3 "$here/outlines.py"
