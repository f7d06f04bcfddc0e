#!/usr/bin/env bash
# Builds the page that is one file: the libraries as WebAssembly, made small, inside the page with the built-in network.
# Usage: packaging/page.sh [PAGE]; default target/page/digits.html
#
# Rust's own distribution has the standard library for WebAssembly ready (`rustup target add`). Where that cannot be
# fetched, Debian's compiler of the same age builds it from its source.
set -euo pipefail
cd "$(dirname "$0")/.."
page=${1:-target/page/digits.html}
target=${CARGO_TARGET_DIR:-target}
triple=wasm32-unknown-unknown
work=$target/page
flags="--enable-simd --enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int --enable-mutable-globals"
flags="$flags --enable-multivalue --enable-reference-types"
mkdir -p "$work" "$(dirname "$page")"

lacks() { printf 'just page needs %s\nOn Debian and Ubuntu: apt-get install --no-install-recommends %s\n' "$1" "$2" >&2; exit 3; }
command -v wasm-opt > /dev/null && command -v wasm-metadce > /dev/null || lacks "binaryen (wasm-opt, wasm-metadce)" binaryen

build=(cargo build --locked --quiet --profile page --package digit-wasm --lib --target "$triple")
export RUSTFLAGS="-C target-feature=+simd128"
sysroot=$(rustc --print sysroot)
if [ ! -d "$sysroot/lib/rustlib/$triple/lib" ]; then
    source_of() { echo "$("$1" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock"; }
    [ -x /usr/bin/rustc ] && [ -f "$(source_of /usr/bin/rustc)" ] || lacks \
        "a compiler for $triple (rustup target add $triple, or Debian's with its source)" "rustc-web rust-web-src"
    linker=$(ls "$sysroot"/lib/rustlib/*/bin/rust-lld | head -n 1)
    export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
    build+=(-Zbuild-std=std,panic_abort -Zbuild-std-features=)
fi
"${build[@]}"

# What the page calls; all else that libraries export goes, and with it what it needs. What is left of wasm-bindgen, from
# libraries that draw progress bars in other programs, is never called: worker.js gives it functions that throw.
exports="input output output_len load predict_file predict_canvas explain_file explain_canvas prepare_file prepare_canvas"
exports="memory $exports clear_pictures add_picture plan train file"
{
    printf '[{"name":"tell","import":["page","tell"]}'
    for name in $exports; do printf ',{"name":"%s","export":"%s","root":true}' "$name" "$name"; done
    printf ']'
} > "$work/keep.json"
# shellcheck disable=SC2086
wasm-metadce "$target/$triple/page/digit_wasm.wasm" $flags --graph-file "$work/keep.json" -o "$work/kept.wasm" > "$work/metadce.txt"
# shellcheck disable=SC2086
wasm-opt -O3 -s 2 $flags "$work/kept.wasm" -o "$work/digits.wasm"
gzip --best --no-name --force --keep "$work/digits.wasm"
env -u RUSTC -u RUSTFLAGS -u RUSTC_BOOTSTRAP cargo run --locked --quiet --release --package digit-page --example one_file -- \
    "$work/digits.wasm.gz" crates/digit-model/built-in/drawn.safetensors "$page"
ls -l "$work/digits.wasm" "$work/digits.wasm.gz" "$page"
