//! Two kinds of errors: the request is wrong (exit code 2), or there is a fault from outside (exit code 3).
//!
//! Both are an [`anyhow::Error`]. If its chain contains a [`Refused`], the request is wrong, and trying again does not
//! help. Every other error (disk full, permission, a file that vanished) is a fault from outside, and trying again may
//! help.

use std::fmt;

/// The request is wrong: a bad option, config, data set or output folder.
#[derive(Debug)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// An error that says that the request is wrong. The message says where, what was expected, what was found and what
/// helps.
pub fn refused(message: impl Into<String>) -> anyhow::Error {
    Refused(message.into()).into()
}

/// Returns from the function with a [`Refused`] made from a format string.
#[macro_export]
macro_rules! refuse {
    ($($message:tt)*) => { return Err($crate::refused(format!($($message)*))) };
}

/// Whether the request is wrong, so that trying again does not help.
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
