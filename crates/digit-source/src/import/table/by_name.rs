//! The columns of a table with a header, told by their names.

use std::collections::BTreeMap;

use stage_files::labels::LabelSet;
use stage_files::refuse;

use super::grid::Grid;
use super::layout::{Label, LabelColumn, Layout};

/// Names of label columns, in lower case without `_`, `-` and blanks.
const LABEL_NAMES: [&str; 18] = [
    "label",
    "labels",
    "class",
    "classes",
    "digit",
    "digits",
    "target",
    "targets",
    "y",
    "category",
    "classlabel",
    "truelabel",
    "groundtruth",
    "ytrue",
    "ytrain",
    "ytest",
    "number",
    "answer",
];
/// More columns than these with names of one pattern, such as `pixel0`, `pixel1`, .., are pixels.
const FEW: usize = 3;

/// Whether a column of this name holds labels.
#[cfg(feature = "parquet")]
pub(in crate::import) fn is_label_name(name: &str) -> bool {
    LABEL_NAMES.contains(&plain(name).as_str())
}

/// Finds the columns of a table with a header.
///
/// # Errors
/// No label column or more than one, with their names.
pub(super) fn layout(grid: &Grid<'_>, names: &[String], asked: Option<&LabelColumn>) -> anyhow::Result<Layout> {
    let label = match asked {
        Some(asked) => Label::One(column_of(names, asked)?),
        None => label(grid, names)?,
    };
    let rest: Vec<usize> = (0..names.len()).filter(|column| !label.has(*column)).collect();
    let mut of_pattern: BTreeMap<String, usize> = BTreeMap::new();
    for &column in &rest {
        *of_pattern.entry(pattern(&names[column])).or_default() += 1;
    }
    let has_pattern = of_pattern.values().any(|&columns| columns > FEW);
    let (mut pixels, mut passed_over) = (Vec::new(), Vec::new());
    for column in rest {
        let name = plain(&names[column]);
        let is_label = LABEL_NAMES.contains(&name.as_str());
        let is_pixel = if has_pattern { of_pattern[&pattern(&names[column])] > FEW } else { !is_known_other(&name) };
        if is_label {
            passed_over.push((column, "another label"));
        } else if is_pixel && !grid.is_without_numbers(column) {
            pixels.push(column);
        } else {
            passed_over.push((column, if grid.is_count(column) { "row numbers" } else { "no pixels" }));
        }
    }
    Ok(Layout { label, pixels, passed_over })
}

/// The column that the user names.
///
/// # Errors
/// There is none of this name or number.
pub(super) fn column_of(names: &[String], asked: &LabelColumn) -> anyhow::Result<usize> {
    match asked {
        LabelColumn::First => Ok(0),
        LabelColumn::Last => Ok(names.len() - 1),
        LabelColumn::Number(number) if *number <= names.len() => {
            let named = names.iter().position(|name| *name == number.to_string());
            match named {
                Some(other) if other + 1 != *number => refuse!(
                    "--label-column {number}: that is column {number} ({}) by its place, but column {} by its name; \
                     give first or last, or rename the column",
                    names[number - 1],
                    other + 1
                ),
                _ => Ok(number - 1),
            }
        }
        LabelColumn::Number(number) => {
            refuse!("--label-column {number}: the table has {} columns; give a smaller number", names.len())
        }
        LabelColumn::Name(name) => {
            let mut at = (0..names.len()).filter(|&column| names[column] == *name);
            match (at.next(), at.next()) {
                (Some(at), None) => Ok(at),
                (Some(_), Some(_)) => {
                    refuse!("--label-column {name}: more than one column has this name; give its number")
                }
                (None, _) => refuse!("--label-column {name}: no column has this name; {}", named(names)),
            }
        }
    }
}

fn label(grid: &Grid<'_>, names: &[String]) -> anyhow::Result<Label> {
    let is_label = |column: &usize| LABEL_NAMES.contains(&plain(&names[*column]).as_str());
    let single: Vec<usize> = (0..names.len()).filter(is_label).collect();
    let one_hot = one_hot(names);
    let places = |columns: &[usize]| columns.iter().map(|&at| grid.place(at)).collect::<Vec<_>>().join(", ");
    match (&single[..], &one_hot[..]) {
        ([at], []) => Ok(Label::One(*at)),
        ([], [_, _, ..]) => Ok(Label::OneHot(one_hot)),
        ([], _) => refuse!(
            "no label column: expected one named label, class, digit, target or y, or isZero .. isNine; give \
             --label-column first, last, its number or its name; {}",
            named(names)
        ),
        (several, []) => refuse!(
            "several columns may hold the label: {}; give --label-column with the name or number of one",
            places(several)
        ),
        (several, hot) => refuse!(
            "several columns may hold the label: {} and one-hot {} to {}; give --label-column with the name or number \
             of one, or remove it",
            places(several),
            grid.place(hot[0].0),
            grid.place(hot[hot.len() - 1].0)
        ),
    }
}

/// Columns named by a digit each: `isOne`, `label_1`, `class1`, or `1` beside pixels with other names.
fn one_hot(names: &[String]) -> Vec<(usize, u8)> {
    let words: Vec<_> = (0..names.len()).filter_map(|at| Some((at, LabelSet::digit_of_column(&names[at])?))).collect();
    if !words.is_empty() {
        return words;
    }
    let mut of_prefix: BTreeMap<String, Vec<(usize, u32)>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        let prefix = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if let Ok(number) = name[prefix.len()..].parse() {
            of_prefix.entry(plain(prefix)).or_default().push((at, number));
        }
    }
    let most = of_prefix.values().map(Vec::len).max().unwrap_or(0);
    let is_one_hot = |(prefix, columns): &(&String, &Vec<(usize, u32)>)| {
        let named = LABEL_NAMES.contains(&prefix.as_str()) || *prefix == "is" || prefix.is_empty();
        let rising = columns.array_windows().all(|[a, b]| a.1 < b.1);
        named && rising && columns.len() < most && columns.iter().all(|(_, digit)| *digit <= 9)
    };
    let found = of_prefix.iter().find(is_one_hot);
    found.map(|(_, columns)| columns.iter().map(|&(at, digit)| (at, digit as u8)).collect()).unwrap_or_default()
}

/// Names of columns that are neither label nor pixel, where the pixels' names have no pattern.
fn is_known_other(name: &str) -> bool {
    let known = ["", "index", "id", "idx", "row", "file", "filename", "path", "image", "name", "writer", "split"];
    known.contains(&name) || name.starts_with("unnamed:")
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !['_', '-', ' '].contains(c)).collect::<String>().to_lowercase()
}

/// A name with `#` for each number in it.
fn pattern(name: &str) -> String {
    let mut pattern = String::new();
    for character in name.chars() {
        if !character.is_ascii_digit() {
            pattern.push(character);
        } else if !pattern.ends_with('#') {
            pattern.push('#');
        }
    }
    pattern
}

/// The names that stand out, for a message.
fn named(names: &[String]) -> String {
    let odd: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| !name.contains(|c: char| c.is_ascii_digit())).take(10).collect();
    let (first, last) = (names.first().map_or("", String::as_str), names.last().map_or("", String::as_str));
    let others =
        if odd.is_empty() { String::new() } else { format!("; without a number in their names: {}", odd.join(", ")) };
    format!("the columns are {first} to {last}{others}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> anyhow::Result<Layout> {
        let grid = Grid::parse(text)?;
        let names = grid.header.clone().unwrap();
        layout(&grid, &names, None)
    }

    #[test]
    fn labels_pixels_and_others_are_told_by_name() {
        for (header, label, pixels, passed_over) in [
            ("label,p0,p1,p2,p3", 0, 1..5, vec![]),
            ("p0,p1,p2,p3,Label", 4, 0..4, vec![]),
            ("Unnamed: 0,p0,p1,p2,p3,Y_true", 5, 1..5, vec![0]),
            (",class,1x1,1x2,2x1,2x2", 1, 2..6, vec![0]),
            ("file,writer,0,1,2,3,digit", 6, 2..6, vec![0, 1]),
            ("target,a,b", 0, 1..3, vec![]),
        ] {
            let text = format!("{header}\n{0}\n{0}\n", vec!["1"; header.split(',').count()].join(","));
            let layout = found(&text).unwrap();
            assert_eq!(layout.label, Label::One(label), "{header}");
            assert_eq!(layout.pixels, pixels.collect::<Vec<_>>(), "{header}");
            assert_eq!(layout.passed_over.iter().map(|(at, _)| *at).collect::<Vec<_>>(), passed_over, "{header}");
        }
    }

    #[test]
    fn one_hot_columns_are_told_by_name() {
        for header in ["isOne,isThree", "label_1,label_3", "class1,class3", "1,3"] {
            let layout = found(&format!("p0,p1,p2,p3,{header}\n9,9,9,9,1,0\n9,9,9,9,1,0\n")).unwrap();
            assert_eq!(layout.label, Label::OneHot(vec![(4, 1), (5, 3)]), "{header}");
            assert_eq!(layout.pixels.len(), 4);
        }
    }

    #[test]
    fn several_labels_and_none_are_refused() {
        for (header, parts) in [
            ("label,p0,p1,target", ["column 1 (label), column 4 (target)", "--label-column"]),
            ("label,p0,isOne,isTwo", ["column 1 (label) and one-hot column 3 (isOne)", "--label-column"]),
            ("p0,p1,p2,cls", ["no label column", "without a number in their names: cls"]),
        ] {
            let error = found(&format!("{header}\n1,1,1,1\n1,1,1,1\n")).unwrap_err().to_string();
            assert!(parts.iter().all(|part| error.contains(part)), "{error}");
        }
    }
}
