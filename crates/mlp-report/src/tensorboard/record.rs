//! The frame of a record in a TFRecord file (tensorflow.org/tutorials/load_data/tfrecord): length (u64), masked CRC of
//! the length (u32), data, masked CRC of the data (u32), all little-endian.

use crc::{CRC_32_ISCSI, Crc, Table};

/// CRC-32C, the one of Castagnoli.
const CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISCSI);
/// What the mask adds: a CRC over data that holds CRCs would otherwise be weak.
const MASK: u32 = 0xa282_ead8;

/// Data with its frame.
pub(crate) fn framed(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let mut bytes = Vec::with_capacity(data.len() + 16);
    bytes.extend(length);
    bytes.extend(masked(&length).to_le_bytes());
    bytes.extend(data);
    bytes.extend(masked(data).to_le_bytes());
    bytes
}

fn masked(data: &[u8]) -> u32 {
    CRC.checksum(data).rotate_right(15).wrapping_add(MASK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and counting up.
        assert_eq!(CRC.checksum(&[0; 32]), 0x8a91_36aa);
        assert_eq!(CRC.checksum(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(CRC.checksum(&std::array::from_fn::<u8, 32, _>(|i| i as u8)), 0x46dd_794e);
    }

    #[test]
    fn a_frame_is_length_and_data_each_with_its_checksum() {
        let bytes = framed(b"abc");
        assert_eq!((bytes.len(), &bytes[..8], &bytes[12..15]), (19, &[3, 0, 0, 0, 0, 0, 0, 0][..], &b"abc"[..]));
        // TFRecordWriter of TensorFlow begins every record of 24 bytes with this.
        assert_eq!(framed(&[0; 24])[..12], *b"\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22");
    }
}
