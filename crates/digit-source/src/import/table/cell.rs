//! Numbers as programs write them: `5`, `5.0`, `5.000e+00`, `0,5`, `b'5'`.

/// The finite number of a cell; `decimal` is the character before the fraction, `.` or `,`.
pub(super) fn number(cell: &str, decimal: char) -> Option<f32> {
    // Most cells are integers of up to three digits.
    if let 1..=3 = cell.len()
        && cell.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(cell.bytes().fold(0.0, |value, digit| value * 10.0 + f32::from(digit - b'0')));
    }
    let value = if decimal == ',' && cell.contains(',') && !cell.contains('.') {
        cell.replacen(',', ".", 1).parse()
    } else {
        plain(cell).parse()
    };
    value.ok().filter(|value: &f32| value.is_finite())
}

/// Without Python's marks of a byte string and quotation marks within quotation marks.
fn plain(cell: &str) -> &str {
    let marked = cell.strip_prefix('b').unwrap_or(cell);
    for quote in ['\'', '"'] {
        if let Some(inner) = marked.strip_prefix(quote).and_then(|c| c.strip_suffix(quote)) {
            return inner.trim();
        }
    }
    cell
}

/// Whether a cell is a number with a decimal comma, such as `0,5`.
pub(super) fn has_decimal_comma(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    cell.split_once(',').is_some_and(|(whole, fraction)| {
        let fraction = fraction.split(['e', 'E']).next().unwrap_or(fraction);
        digits(whole.trim_start_matches(['-', '+'])) && digits(fraction)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_programs_write_them() {
        for cell in ["5", "5.0", "5.", "+5", "5.000000000000000000e+00", "5E0", "b'5'", "'5'", "b\"5\"", "005"] {
            assert_eq!(number(cell, '.'), Some(5.0), "{cell}");
        }
        assert_eq!(number("0,5", ','), Some(0.5));
        assert_eq!(number("0.5", ','), Some(0.5));
        assert_eq!(number("0,5", '.'), None);
        for cell in ["", "z0", "NaN", "inf", "1,2,3", "1.2,3", "-", "b"] {
            assert_eq!(number(cell, ','), None, "{cell}");
        }
    }

    #[test]
    fn a_decimal_comma_is_seen() {
        assert!(["0,5", "-1,25", "5,000e+00"].into_iter().all(has_decimal_comma));
        assert!(!["5", "0.5", "a,b", ",", "1,", "1,2,3"].into_iter().any(has_decimal_comma));
    }
}
