//! What the tiles need of a vector register, so that their loops are written once for every instruction set.
//!
//! Each implementation is a list of one-line wrappers. Tests run the tiles on an implementation in plain arrays too,
//! which shows their loops right for register widths that the machine at hand does not have.
#![allow(unsafe_code)]

/// A register of f32 lanes.
///
/// # Safety
/// Every method may only be called where the processor has the instructions of the implementation, and be given
/// pointers that are good for as many floats as it says. No alignment is needed.
pub unsafe trait Register: Copy {
    /// Lanes of a register.
    const WIDTH: usize;
    /// How many sums a tile may hold, so that they and what is loaded beside them stay in registers.
    const SUMS: usize;

    /// All lanes +0.
    unsafe fn zero() -> Self;
    /// All lanes `value`.
    unsafe fn splat(value: f32) -> Self;
    /// `WIDTH` floats.
    unsafe fn load(from: *const f32) -> Self;
    /// The first `n < WIDTH` floats, the other lanes +0; the memory behind them is not touched.
    unsafe fn load_part(from: *const f32, n: usize) -> Self;
    /// Writes all lanes.
    unsafe fn store(self, to: *mut f32);
    /// Writes the first `n < WIDTH` lanes; the memory behind them is not touched.
    unsafe fn store_part(self, to: *mut f32, n: usize);
    /// `self * factor + sum` with one rounding.
    unsafe fn mul_add(self, factor: Self, sum: Self) -> Self;
    /// `self + other`.
    unsafe fn add(self, other: Self) -> Self;
    /// Four floats at each of `WIDTH` addresses, turned: writes four registers, `stride` floats apart, the first made
    /// of the first float of each address.
    unsafe fn turn(rows: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize);
    /// Asks for a cache line that will be read soon; the address need not be good.
    fn prefetch(address: *const f32);
}

/// A whole register, or its first `n` lanes if `PART`.
///
/// # Safety
/// As for the method that is chosen.
#[inline(always)]
pub unsafe fn load<V: Register, const PART: bool>(from: *const f32, n: usize) -> V {
    // SAFETY: the caller's.
    unsafe { if PART { V::load_part(from, n) } else { V::load(from) } }
}

/// The counterpart of [`load`].
///
/// # Safety
/// As for the method that is chosen.
#[inline(always)]
pub unsafe fn store<V: Register, const PART: bool>(value: V, to: *mut f32, n: usize) {
    // SAFETY: the caller's.
    unsafe { if PART { value.store_part(to, n) } else { value.store(to) } }
}
