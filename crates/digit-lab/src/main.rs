//! The `digit-lab` command; everything it does is in the library.

fn main() -> anyhow::Result<()> {
    digit_lab::main()
}
