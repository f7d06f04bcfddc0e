//! Runs foreign decoders on files from outside. A panic rejects the file and does not end the batch.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// The number of guards around the current code of this thread.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs `work`, which gives bytes from outside to a library; `None` if it panics. Nothing is printed then, because the
/// caller knows the file's name and reports it. Do not use what `work` changed by reference after a panic.
///
/// ```
/// use stage_files::panic_guard::guarded;
/// assert_eq!(guarded(|| [1, 2, 3][..2].len()), Some(2));
/// assert_eq!(guarded(|| -> usize { panic!("index out of bounds") }), None);
/// ```
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            if DEPTH.get() == 0 {
                before(what);
            }
        }));
    });
    DEPTH.set(DEPTH.get() + 1);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer_and_guards_nest() {
        let inner = |text: &str| guarded(|| text.parse::<u8>().unwrap());
        assert_eq!(guarded(|| (inner("7"), inner("x"), inner("8"))), Some((Some(7), None, Some(8))));
        assert_eq!(DEPTH.get(), 0);
        assert_eq!(guarded(|| inner("x").unwrap()), None);
        assert_eq!(DEPTH.get(), 0);
    }
}
