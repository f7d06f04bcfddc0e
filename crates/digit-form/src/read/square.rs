//! The square as which a box is cut out, and the paper around it.

/// Side of what is cut, in pixels: 8 a millimetre.
pub(super) const CUT_PX: u32 = 104;
/// Paper around it that is looked at, too.
pub(super) const AROUND_PX: u32 = 22;
/// Side of what is looked at.
pub(super) const WIDE_PX: u32 = CUT_PX + 2 * AROUND_PX;

/// The cut without the paper around it.
pub(super) fn inner<T: Copy>(wide: &[T]) -> Vec<T> {
    let rows = wide.chunks_exact(WIDE_PX as usize).skip(AROUND_PX as usize).take(CUT_PX as usize);
    rows.flat_map(|row| &row[AROUND_PX as usize..][..CUT_PX as usize]).copied().collect()
}
