//! The functions that JavaScript calls.
//!
//! `input(n)` gives the address of n bytes to fill in, a function works on them and returns 0, or 1 for a fault, and
//! `output()` and `output_len()` say where its answer lies: JSON, bytes, or the fault in words.
//!
//! | function | input | answer |
//! |---|---|---|
//! | `load` | a model file | what the page has to know of it (JSON) |
//! | `predict_file`, `explain_file`, `prepare_file` | a picture file | answer, explanation (JSON), pixels |
//! | `predict_canvas(w, h)`, .. | w x h x 4 bytes: red, green, blue, alpha | the same |
//! | `clear_pictures` | nothing | nothing |
//! | `add_picture(n)` | a name of n bytes, as `kim/3/0001.png`, and a picture file | nothing |
//! | `plan` | nothing | config, commands, counts (JSON) |
//! | `train` | a config | summary and names of the files of the run (JSON) |
//! | `file` | the name of such a file | its bytes |
//!
//! While `train` works, it calls `page.tell(address, length)` after each epoch, with a line of JSON.
#![allow(unsafe_code, reason = "a function of a fixed name is unsafe: no other may have it")]

use std::cell::RefCell;

use digit_page::Picture;

use crate::session::Session;

/// Input, output and session.
#[derive(Default)]
struct State {
    input: Vec<u8>,
    output: Vec<u8>,
    session: Session,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Calls `work` with the input and keeps its answer.
fn call(work: impl FnOnce(&mut Session, &[u8]) -> anyhow::Result<Vec<u8>>) -> u32 {
    STATE.with_borrow_mut(|state| {
        let input = std::mem::take(&mut state.input);
        let (status, output) = match work(&mut state.session, &input) {
            Ok(output) => (0, output),
            Err(error) => (1, format!("{error:#}").into_bytes()),
        };
        state.output = output;
        status
    })
}

#[cfg(target_family = "wasm")]
fn tell(line: &str) {
    #[link(wasm_import_module = "page")]
    unsafe extern "C" {
        fn tell(address: *const u8, length: usize);
    }
    // SAFETY: JavaScript reads so many bytes from there before it returns.
    unsafe { tell(line.as_ptr(), line.len()) }
}

#[cfg(not(target_family = "wasm"))]
fn tell(_: &str) {}

/// Where `length` bytes of input go.
#[unsafe(no_mangle)]
pub extern "C" fn input(length: usize) -> *mut u8 {
    STATE.with_borrow_mut(|state| {
        // The answer before is not needed any more, and memory of WebAssembly only grows.
        state.output = Vec::new();
        state.input = vec![0; length];
        state.input.as_mut_ptr()
    })
}

/// Where the answer lies.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    STATE.with_borrow(|state| state.output.as_ptr())
}

/// How long the answer is.
#[unsafe(no_mangle)]
pub extern "C" fn output_len() -> usize {
    STATE.with_borrow(|state| state.output.len())
}

/// Takes a model.
#[unsafe(no_mangle)]
pub extern "C" fn load() -> u32 {
    call(|session, input| Ok(session.load(input)?.into_bytes()))
}

/// Predicts a picture file.
#[unsafe(no_mangle)]
pub extern "C" fn predict_file() -> u32 {
    call(|session, input| Ok(session.predict(Picture::File(input))?.into_bytes()))
}

/// Predicts a canvas.
#[unsafe(no_mangle)]
pub extern "C" fn predict_canvas(width_px: u32, height_px: u32) -> u32 {
    call(|session, rgba| Ok(session.predict(Picture::Canvas { width_px, height_px, rgba })?.into_bytes()))
}

/// Explains the answer for a picture file.
#[unsafe(no_mangle)]
pub extern "C" fn explain_file() -> u32 {
    call(|session, input| Ok(session.explain(Picture::File(input))?.into_bytes()))
}

/// Explains the answer for a canvas.
#[unsafe(no_mangle)]
pub extern "C" fn explain_canvas(width_px: u32, height_px: u32) -> u32 {
    call(|session, rgba| Ok(session.explain(Picture::Canvas { width_px, height_px, rgba })?.into_bytes()))
}

/// The pixels of a picture file as the network takes them.
#[unsafe(no_mangle)]
pub extern "C" fn prepare_file() -> u32 {
    call(|session, input| session.prepare(Picture::File(input)))
}

/// The pixels of a canvas as the network takes them.
#[unsafe(no_mangle)]
pub extern "C" fn prepare_canvas(width_px: u32, height_px: u32) -> u32 {
    call(|session, rgba| session.prepare(Picture::Canvas { width_px, height_px, rgba }))
}

/// Forgets the collected pictures.
#[unsafe(no_mangle)]
pub extern "C" fn clear_pictures() -> u32 {
    call(|session, _| {
        session.clear_pictures();
        Ok(Vec::new())
    })
}

/// Adds a collected picture; the first `name_length` bytes of the input are its name.
#[unsafe(no_mangle)]
pub extern "C" fn add_picture(name_length: usize) -> u32 {
    call(|session, input| {
        session.add_picture(input, name_length)?;
        Ok(Vec::new())
    })
}

/// Makes a data set of the collected pictures, and says how it will be trained on.
#[unsafe(no_mangle)]
pub extern "C" fn plan() -> u32 {
    call(|session, _| Ok(session.plan()?.into_bytes()))
}

/// Trains on the data set that was planned.
#[unsafe(no_mangle)]
pub extern "C" fn train() -> u32 {
    call(|session, config| Ok(session.train(config, &mut |line| tell(line))?.into_bytes()))
}

/// A file of the last training.
#[unsafe(no_mangle)]
pub extern "C" fn file() -> u32 {
    call(|session, name| session.file(name))
}
