//! Whole zlib streams at once.
//!
//! The result is a stream's content or nothing. Whoever gets nothing reads the stream piece by piece with a decoder
//! that says what is wrong with it.

/// Unpacks `stream` into `out`. True if the stream is sound, ends with its last byte and fills `out`; otherwise `out`
/// holds anything.
///
/// ```
/// use stage_files::zlib::unpack;
/// let stream = [0x78, 1, 1, 3, 0, 252, 255, b'a', b'b', b'c', 2, 0x4d, 1, 0x27];
/// let mut out = [0; 3];
/// if unpack(&stream, &mut out) {
///     assert_eq!(out, *b"abc");
/// }
/// ```
#[cfg(not(target_arch = "wasm32"))]
pub fn unpack(stream: &[u8], out: &mut [u8]) -> bool {
    use std::cell::RefCell;
    use zlib_rs::{Inflate, InflateFlush, Status};

    /// The largest window that a stream can ask for.
    const WINDOW_BITS: u8 = 15;
    // A small picture takes less time than making the decoder anew.
    thread_local! {
        static INFLATE: RefCell<Inflate> = RefCell::new(Inflate::new(true, WINDOW_BITS));
    }
    INFLATE.with_borrow_mut(|inflate| {
        inflate.reset(true);
        let status = inflate.decompress(stream, out, InflateFlush::Finish);
        matches!(status, Ok(Status::StreamEnd))
            && inflate.total_in() == stream.len() as u64
            && inflate.total_out() == out.len() as u64
    })
}

/// In the browser the careful decoders do it.
#[cfg(target_arch = "wasm32")]
pub fn unpack(_: &[u8], _: &mut [u8]) -> bool {
    false
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    /// "abc" in one stored block (RFC 1950 and 1951).
    const ABC: [u8; 14] = [0x78, 1, 1, 3, 0, 252, 255, b'a', b'b', b'c', 2, 0x4d, 1, 0x27];

    #[test]
    fn only_a_sound_stream_of_the_right_length_is_unpacked() {
        let mut out = [0; 3];
        assert!(unpack(&ABC, &mut out));
        assert_eq!(out, *b"abc");
        assert!(!unpack(&ABC, &mut [0; 2]) && !unpack(&ABC, &mut [0; 4]));
        for end in 0..ABC.len() {
            assert!(!unpack(&ABC[..end], &mut out), "{end}");
        }
        for at in 0..ABC.len() {
            let mut changed = ABC;
            changed[at] ^= 2;
            assert!(!unpack(&changed, &mut out), "byte {at}");
        }
        assert!(!unpack(&[&ABC[..], &[0]].concat(), &mut out));
        // What went wrong leaves no trace.
        assert!(unpack(&ABC, &mut out));
    }
}
