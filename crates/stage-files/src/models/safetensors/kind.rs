//! Recognises files that were given in place of a safetensors file.

/// Files that begin with these bytes.
const BEGINNINGS: [(&[u8], &str); 15] = [
    (b"PK\x03\x04", "a ZIP archive, such as NumPy's .npz or PyTorch's .pt"),
    (b"\x93NUMPY", "a NumPy array (.npy)"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x89HDF", "an HDF5 file, such as Keras's .h5"),
    (b"GGUF", "a GGUF file"),
    (b"%PDF", "a PDF file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x7fELF", "a program"),
];
/// Bytes by which text is recognised.
const LOOKED_AT: usize = 512;

/// The kind of a file in words, if it is recognised. `None` for a safetensors file, whose ninth byte opens the header.
pub(super) fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(8) == Some(&b'{') {
        return None;
    }
    if let Some((_, kind)) = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)) {
        return Some(kind);
    }
    if bytes.get(4..8) == Some(b"TFL3") {
        return Some("a TensorFlow Lite model");
    }
    // `ModelProto` of onnx.proto: ir_version (field 1, a small number), then a text (2 to 6), the graph (7) or the
    // operator sets (8), each a field with a length.
    if let &[0x08, 1..=0x7f, 0x12 | 0x1a | 0x22 | 0x32 | 0x3a | 0x42, ..] = bytes {
        return Some("an ONNX file");
    }
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    // A character may be cut in two at the end of what is looked at.
    let is_text = match std::str::from_utf8(start) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    };
    if !is_text || start.contains(&0) {
        return None;
    }
    let begins = |text: &str| start.trim_ascii_start().starts_with(text.as_bytes());
    Some(if begins("/*") || begins("//") || begins("#include") {
        "C source"
    } else if begins("{") || begins("[") {
        "a JSON file"
    } else {
        "a text file"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_content() {
        for (bytes, kind) in [
            (&b"\x08\x07\x12\x09mlp-train"[..], "an ONNX file"),
            (b"\x08\x0a:\x80\x02\n\x0a", "an ONNX file"),
            (b"PK\x03\x04\x0a\0\0\0\0\0\0\0", "a ZIP archive, such as NumPy's .npz or PyTorch's .pt"),
            (b"/* k: a multi-layer perceptron", "C source"),
            (b"  {\n  \"name\": 1}", "a JSON file"),
            ("pixel1,pixel2,가".as_bytes(), "a text file"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        ] {
            assert_eq!(kind_of(bytes), Some(kind));
        }
        assert_eq!(kind_of(b"\x40\0\0\0\0\0\0\0{\"__metadata__\""), None);
        assert_eq!(kind_of(&[255; 40]), None);
        assert_eq!(kind_of(&[0; 40]), None);
    }
}
