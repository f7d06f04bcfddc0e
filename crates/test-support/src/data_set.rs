//! Data sets as text.

use std::fmt::Write;

use stage_files::labels::LabelSet;

/// A data set CSV of the labels `labels`, such as `1-3`: a row for each label and its pixels. There must be a row.
///
/// ```
/// let text = test_support::data_set_csv("1,2", [(2, [0, 255])]);
/// assert_eq!(text, "pixel1,pixel2,isOne,isTwo\n0,255,0,1\n");
/// ```
pub fn data_set_csv<P: AsRef<[u8]>>(labels: &str, rows: impl IntoIterator<Item = (u8, P)>) -> String {
    let labels: LabelSet = labels.parse().unwrap_or_else(|error| panic!("{labels}: {error}"));
    let mut rows = rows.into_iter().peekable();
    let pixels = rows.peek().expect("a data set has a row").1.as_ref().len();
    let header: Vec<String> = (1..=pixels).map(|i| format!("pixel{i}")).chain(labels.columns()).collect();
    let mut text = header.join(",") + "\n";
    for (label, pixels) in rows {
        let one_hot = labels.as_slice().iter().map(|&other| u8::from(other == label));
        let cells: Vec<String> = pixels.as_ref().iter().copied().chain(one_hot).map(|cell| cell.to_string()).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

/// The rows file of a data set: label and writer of each row.
pub fn rows_csv(rows: impl IntoIterator<Item = (u8, impl AsRef<str>)>) -> String {
    let mut text = String::from("row,source,label,size,group\n");
    for (row, (label, writer)) in rows.into_iter().enumerate() {
        let writer = writer.as_ref();
        let _ = writeln!(text, "{row},{label}_20_{writer}-{row}.png,{label},20,{writer}");
    }
    text
}

/// Random-looking numbers from 0 to 65535 by a fixed rule: the upper half of a linear congruential generator with the
/// constants of Numerical Recipes.
pub fn numbers(mut state: u32) -> impl FnMut() -> u32 {
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 16
    }
}
