//! Writes the page as one file. `just page` calls it.
//!
//! ```text
//! cargo run -p digit-page --example one_file -- digits.wasm.gz model.safetensors digits.html
//! ```
#![allow(clippy::disallowed_methods, reason = "an example writes no folder of a stage")]

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [wasm_gz, model, page] = words.as_slice() else {
        anyhow::bail!("expected three files: WebAssembly packed by gzip, a model, the page to write");
    };
    let made = digit_page::one_file(&std::fs::read(wasm_gz)?, &std::fs::read(model)?)?;
    Ok(std::fs::write(page, made)?)
}
