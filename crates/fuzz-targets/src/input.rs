//! Bytes as a source of numbers. Where they end, zeros follow.

/// What is left of the bytes.
pub(crate) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    pub(crate) fn is_set(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A number from 1 to `most`, which is at most 256.
    pub(crate) fn side(&mut self, most: u32) -> u32 {
        u32::from(self.byte()) % most + 1
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As many bytes as there are, at most `count`.
    pub(crate) fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }

    /// `count` bytes: what is left, from the start again where it ends.
    pub(crate) fn repeated(self, count: usize) -> Vec<u8> {
        if self.0.is_empty() { vec![0; count] } else { self.0.iter().copied().cycle().take(count).collect() }
    }
}
