//! The exit codes that every command shares.

/// How a command ended, as its exit code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: everything is done, now or before.
    Done,
    /// 1: some inputs were rejected, the rest is done.
    SomeRejected,
    /// 2: the request is wrong; trying again does not help.
    Refused,
    /// 3: a fault from outside; trying again may help.
    OutsideFault,
    /// 130: interrupted from the keyboard (SIGINT), state saved.
    Interrupted,
    /// 143: terminated (SIGTERM), state saved.
    Terminated,
}

impl ExitStatus {
    /// The process exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeRejected => 1,
            Self::Refused => 2,
            Self::OutsideFault => 3,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}
