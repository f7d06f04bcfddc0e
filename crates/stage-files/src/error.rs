//! Telling "the request was wrong" from "the world failed", so that the exit code can say which.
//!
//! Everything here travels in [`anyhow::Error`]. An error that contains a [`Refused`] anywhere in its chain means that
//! trying again without changing the request cannot help; every other error (disk full, permission, a file that
//! vanished) is a fault from outside, and trying again may help.

use std::fmt;

/// The request itself was wrong: a bad option, config, data set or output folder.
#[derive(Debug)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// An error that says the request was wrong. The message names where, what was expected, what was found, what to do.
pub fn refused(message: impl Into<String>) -> anyhow::Error {
    Refused(message.into()).into()
}

/// Returns from the function with a [`Refused`] made from a format string.
#[macro_export]
macro_rules! refuse {
    ($($message:tt)*) => { return Err($crate::refused(format!($($message)*))) };
}

/// Whether trying again without changing the request is useless.
pub fn is_refused(error: &anyhow::Error) -> bool {
    error.chain().any(<dyn std::error::Error>::is::<Refused>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_refusal_is_found_under_added_context() {
        let wrapped: anyhow::Result<()> = Err(refused("no such column")).context("reading a.csv");
        assert!(is_refused(&wrapped.unwrap_err()));
        assert!(!is_refused(&anyhow::anyhow!("disk full")));
    }
}
