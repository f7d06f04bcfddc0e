//! Round values for axes, and how they are written.

/// Round values from low to high, about `about`.
pub(crate) fn nice_ticks(low: f64, high: f64, about: f64) -> Vec<f64> {
    let raw = (high - low) / about;
    if !(raw > 0.0 && raw.is_finite()) {
        return vec![low];
    }
    let decade = libm::pow(10.0, libm::log10(raw).floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * decade).find(|s| *s >= raw * 0.999).unwrap_or(raw);
    let first = (low / step - 1e-9).ceil();
    let count = ((high / step + 1e-9).floor() - first).max(0.0) as usize;
    (0..=count).map(|i| (first + i as f64) * step).collect()
}

/// Whole powers of ten from low to high (exponents), about six.
pub(crate) fn decades(low: f64, high: f64) -> Vec<f64> {
    let step = ((high - low) / 6.0).ceil().max(1.0);
    let count = ((high - low) / step + 1e-9) as u32;
    (0..=count).map(|i| low + step * f64::from(i)).collect()
}

/// Epochs to mark, from 1.
pub(crate) fn epoch_ticks(epochs: f64) -> Vec<f64> {
    if epochs <= 1.0 {
        return vec![1.0];
    }
    let inner = nice_ticks(0.0, epochs, 5.0).into_iter().filter(|e| *e >= 1.0 && e.fract() == 0.0);
    [1.0].into_iter().chain(inner.filter(|e| *e > epochs * 0.08)).collect()
}

/// A number for an axis, without trailing zeros.
pub(crate) fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.0005 {
        return format!("{value:.0e}");
    }
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" { "0".into() } else { text.into() }
}

/// A power of ten by its exponent.
pub(crate) fn power_label(exponent: f64) -> String {
    match exponent as i32 {
        0 => "1".into(),
        e @ 1..=3 => format!("{}", 10i64.pow(e as u32)),
        e @ -3..=-1 => format!("{:.*}", -e as usize, libm::pow(10.0, f64::from(e))),
        e => format!("1e{e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let texts = |low, high| nice_ticks(low, high, 5.0).into_iter().map(number).collect::<Vec<_>>();
        assert_eq!(texts(0.0, 1.0), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(texts(-0.3, 0.3), ["-0.2", "0", "0.2"]);
        assert_eq!(texts(2.0, 2.0), ["2"]);
        assert_eq!(epoch_ticks(1000.0), [1.0, 200.0, 400.0, 600.0, 800.0, 1000.0]);
        assert_eq!(epoch_ticks(1.0), [1.0]);
        assert_eq!(
            (power_label(-2.0), power_label(-5.0), power_label(2.0)),
            ("0.01".into(), "1e-5".into(), "100".into())
        );
        assert_eq!(number(0.0001), "1e-4");
    }
}
