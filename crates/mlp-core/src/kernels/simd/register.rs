//! What the tiles need of a vector register, so that their loops are written once for every instruction set.
//!
//! Each implementation is a list of short wrappers around intrinsics. Tests run the tiles on plain arrays too, which
//! checks the loops for register widths that this machine does not have.
#![allow(unsafe_code)]

/// A register of f32 lanes.
///
/// # Safety
/// A method may only be called where the processor has the implementation's instructions, with pointers that are valid
/// for as many floats as the method says. Pointers need no alignment.
pub(crate) unsafe trait Register: Copy {
    /// Lanes of a register.
    const WIDTH: usize;
    /// Most sums of a tile, so that they and the values loaded beside them stay in registers.
    const SUMS: usize;

    /// All lanes +0.
    unsafe fn zero() -> Self;
    /// All lanes `value`.
    unsafe fn splat(value: f32) -> Self;
    /// `WIDTH` floats.
    unsafe fn load(from: *const f32) -> Self;
    /// The first `n < WIDTH` floats, the other lanes +0; reads no memory beyond them.
    unsafe fn load_partial(from: *const f32, n: usize) -> Self;
    /// Writes all lanes.
    unsafe fn store(self, to: *mut f32);
    /// Writes the first `n < WIDTH` lanes; writes no memory beyond them.
    unsafe fn store_partial(self, to: *mut f32, n: usize);
    /// `self * factor + sum` with one rounding.
    unsafe fn mul_add(self, factor: Self, sum: Self) -> Self;
    /// `self + other`.
    unsafe fn add(self, other: Self) -> Self;
    /// Transposes a `WIDTH` x 4 matrix with a row at each of `WIDTH` addresses: writes four registers, `stride` floats
    /// apart, the first with the first float of each address.
    unsafe fn transpose(rows: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize);
    /// Prefetches a cache line that will be read soon; the address need not be valid.
    fn prefetch(address: *const f32);
}

/// A whole register, or its first `n` lanes if `PARTIAL`.
///
/// # Safety
/// That of the method called.
#[inline(always)]
pub(crate) unsafe fn load<V: Register, const PARTIAL: bool>(from: *const f32, n: usize) -> V {
    // SAFETY: the caller's contract.
    unsafe { if PARTIAL { V::load_partial(from, n) } else { V::load(from) } }
}

/// Writes a whole register, or its first `n` lanes if `PARTIAL`.
///
/// # Safety
/// That of the method called.
#[inline(always)]
pub(crate) unsafe fn store<V: Register, const PARTIAL: bool>(value: V, to: *mut f32, n: usize) {
    // SAFETY: the caller's contract.
    unsafe { if PARTIAL { value.store_partial(to, n) } else { value.store(to) } }
}
