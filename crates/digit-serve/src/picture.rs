//! Pictures in Base64, as requests bring them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The bytes of a Base64 text, with or without the start of a data URL.
pub(crate) fn decoded(text: &str) -> Result<Vec<u8>, String> {
    let data = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once(";base64,").map_or("", |(_, data)| data),
        None => text,
    };
    STANDARD.decode(data).map_err(|error| format!("expected Base64, found a fault: {error}"))
}
