//! Other people's code on files from outside: its panic is the file's fault and ends no batch.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// How many guards this thread is inside of.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs `work`, which hands bytes from outside to a library; `None` when that panics. Nothing is printed then: the
/// caller has the file's name and says what became of it. What `work` changed by reference is not to be used after
/// a panic.
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
