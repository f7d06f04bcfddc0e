//! Whole tables: what is read out of each, or why it is refused.

use super::*;

/// Labels (or reasons) and levels in the order of the lines, and the keys of what was found.
fn table(text: &str) -> anyhow::Result<(Pictures, Found)> {
    read(text.as_bytes(), &Options { width_px: Some(1), ..Options::default() })
}

fn labels(text: &str) -> Vec<i64> {
    table(text).unwrap().0.items.iter().map(|item| item.label).collect()
}

fn rejected(text: &str) -> Vec<String> {
    let rejected = table(text).unwrap().0.rejected;
    rejected.into_iter().map(|entry| format!("{}: {}", entry.source, entry.reason)).collect()
}

/// Three rows of 4 pixels with labels 3, 4, 9.
const ROWS: [(i64, [u32; 4]); 3] = [(3, [0, 255, 0, 70]), (4, [0, 9, 200, 0]), (9, [0, 0, 255, 30])];

#[test]
fn one_table_is_read_alike_whatever_wrote_it() {
    let write = |header: &str, separator: &str, number: &dyn Fn(u32) -> String| {
        let mut text = header.replace(',', separator);
        for (label, pixels) in ROWS {
            let cells = [label as u32].into_iter().chain(pixels).map(number);
            text.push_str(&(cells.collect::<Vec<_>>().join(separator) + "\n"));
        }
        text
    };
    let header = "label,p0,p1,p2,p3\n";
    let plain = |v: u32| v.to_string();
    for text in [
        write(header, ",", &plain),
        write(header, ";", &plain),
        write(header, "\t", &plain),
        write(header, "  ", &plain),
        write(header, ", ", &plain),
        write(&format!("# {header}"), ",", &plain),
        write(&format!("sep=;\n\n{header}"), ";", &plain),
        write("label,0,1,2,3\n", ",", &plain),
        write(
            "% Weka\n@RELATION d\n@attribute label {3,4,9}\n@ATTRIBUTE 'p0' real\n@attribute p1 real\n@attribute p2 real\n@attribute p3 real\n@DATA\n",
            ",",
            &plain,
        ),
        write("\"label\",\"a1\",\"a2\",\"a3\",\"a4\"\n", ",", &|v| format!("\"{v}\"")),
        write(header, ",", &|v| format!("{v}.0")),
        write(header, ",", &|v| format!("{:.18e}", f64::from(v))),
        write(header, ";", &|v| format!("{v},00")),
        write(header, " ", &|v| format!("b'{v}'")),
        // Without a header: 255 cannot be a label, so the first column is it.
        write("", ",", &plain),
    ] {
        let (pictures, _) = read(text.as_bytes(), &Options::default()).unwrap_or_else(|e| panic!("{e:#}: {text}"));
        let found: Vec<_> = pictures.items.iter().map(|item| (item.label, item.levels.clone())).collect();
        let expected: Vec<_> = ROWS.map(|(label, pixels)| (label, pixels.map(|v| v as u8).to_vec())).into();
        assert_eq!(found, expected, "{text}");
        assert_eq!((pictures.width_px, pictures.height_px), (2, 2));
        assert!(pictures.rejected.is_empty());
    }
}

#[test]
fn the_label_is_found_by_name_or_by_content() {
    assert_eq!(labels("label,p0,p1\n3,0,255\n4,9,9\n"), [3, 4]);
    assert_eq!(labels("p0,isOne,isTwo\r\n0,0,1\r\n255,1,0\r\n"), [2, 1]);
    assert_eq!(labels("0,16,5,7\n0,9,12,8\n0,11,13,1\n"), [7, 8, 1]);
    assert_eq!(labels("\u{feff}5,0,200,255\n6,30,2,99\n7,30,2,99\n"), [5, 6, 7]);
}

#[test]
fn what_was_found_is_told() {
    let text = ",file,label,p0,p1,p2,p3\n0,a.png,3,0,0,0,255\n1,b.png,4,0,0,0,255\n";
    let (_, found) = read(text.as_bytes(), &Options::default()).unwrap();
    let expected = [
        ("encoding", "UTF-8"),
        ("line_ends", "LF"),
        ("separator", "commas"),
        ("header", "yes"),
        ("label", "column 3 (label)"),
        ("pixels", "2x2, 0..255"),
        ("passed_over", "column 1 (row numbers), column 2 (file) (no pixels)"),
    ];
    assert_eq!(found, expected.map(|(key, value)| (key, value.to_owned())));
}

#[test]
fn a_bad_cell_rejects_its_row_and_no_other() {
    let good = "label,p0,p1\n1,0,255\n2,0,255\n";
    for (row, reason) in [
        ("3,z0,1", "line 4: column 2 (p0): expected a number 0..255, found `z0`"),
        ("3,,1", "line 4: column 2 (p0): expected a number 0..255, found an empty cell"),
        ("3,256,1", "line 4: column 2 (p0): expected a number 0..255, found `256`"),
        ("3,-1,1", "line 4: column 2 (p0): expected a number 0..255, found `-1`"),
        ("3,NaN,1", "line 4: column 2 (p0): expected a number 0..255, found `NaN`"),
        ("x,0,1", "line 4: column 1 (label): expected a label 0..9, found `x`"),
        ("3.5,0,1", "line 4: column 1 (label): expected a label 0..9, found `3.5`"),
        ("3,0", "line 4: expected 3 cells, found 2"),
        ("3,0,\"1", ""),
    ] {
        let text = format!("{good}{row}\n4,0,255\n");
        let expected: &[&str] = if reason.is_empty() { &[] } else { &[reason] };
        assert_eq!(rejected(&text), expected, "{row}");
        assert_eq!(labels(&text).len(), 4 - expected.len());
    }
    let hot = "p0,p1,isOne,isTwo\n255,0,1,0\n255,0,1,1\n255,0,0,0\n255,0,2,0\n";
    let reasons = rejected(hot);
    for (reason, part) in reasons.iter().zip(["more than one 1", "no 1", "column 3 (isOne): expected 0 or 1"]) {
        assert!(reason.contains(part), "{reason}");
    }
    assert_eq!(reasons.len(), 3);
}

#[test]
fn tables_that_cannot_be_read_are_refused() {
    for (text, part) in [
        ("", "no row"),
        ("\n \n", "no row"),
        ("label,p0\n", "a header and no row"),
        ("a,b\n1,2\n", "no label column"),
        ("label,p0\n1,256\n", "give --range"),
        ("5\n6\n", "not divided into cells"),
        ("1,200,1\n2,100,2\n3,100,3\n", "first or the last"),
        ("1,200,40\n2,100,50\n", "too few different digits"),
        ("200,30\n100,20\n", "neither"),
    ] {
        let Err(error) = table(text) else { panic!("accepted {text:?}") };
        assert!(format!("{error:#}").contains(part), "{text:?}: {error:#}");
        assert!(stage_files::is_refused(&error));
    }
}

#[test]
fn a_table_of_a_separator_or_comments_alone_has_no_row() {
    for text in ["sep=;", "sep=;\n", "sep=,\n\n \n", "sep=;\n# a comment\n", "# a comment\n", "", "\n"] {
        let error = table(text).err().unwrap();
        assert!(format!("{error:#}").contains("no row; expected one row a picture"), "{text:?}: {error:#}");
    }
}

#[test]
fn options_take_the_place_of_what_is_found() {
    let text = "1,200,1\n2,100,2\n3,100,3\n4,100,\n";
    for (column, expected) in [("first", 3), ("last", 3), ("1", 3), ("3", 3)] {
        let options = Options {
            width_px: Some(2),
            label_column: Some(column.parse().unwrap()),
            range: "0..200".parse().ok(),
            ..Options::default()
        };
        let (pictures, _) = read(text.as_bytes(), &options).unwrap();
        assert_eq!((pictures.items.len(), pictures.rejected.len()), (expected, 1), "{column}");
        assert!(pictures.items[1].levels.contains(&128));
    }
    let options = Options { label_column: Some(LabelColumn::Name("b".into())), ..Options::default() };
    let (pictures, _) = read(b"a,b\n255,7\n0,8\n", &options).unwrap();
    assert_eq!(pictures.items.iter().map(|item| item.label).collect::<Vec<_>>(), [7, 8]);
    // A number that is one column by its place and another one by its name.
    let options = Options { label_column: Some(LabelColumn::Number(2)), ..Options::default() };
    let error = read(b"0,1,2,3,4\n255,7,0,0,0\n", &options).err().unwrap();
    assert!(error.to_string().contains("column 2 (1) by its place, but column 3 by its name"), "{error}");
    let options = Options { label_column: Some(LabelColumn::Name("b".into())), ..Options::default() };
    let error = read(b"a,c\n255,7\n0,8\n", &options).err().unwrap();
    assert!(error.to_string().contains("no column has this name"), "{error}");
}

/// Rows that end with a separator moved every name by one column, so that a pixel was read as the label.
#[test]
fn a_header_with_a_name_less_is_brought_together_with_its_rows_or_refused() {
    let trailing = "label,p0,p1,p2,p3\n3,0,0,0,255,\n4,0,0,0,255,\n";
    let row_names = "label p0 p1 p2 p3\n1 3 0 0 0 255\n2 4 0 0 0 255\n";
    for text in [trailing, row_names] {
        let (pictures, _) = read(text.as_bytes(), &Options::default()).unwrap();
        let found: Vec<_> = pictures.items.iter().map(|item| (item.label, &item.levels[..])).collect();
        assert_eq!(found, [(3, &[0, 0, 0, 255][..]), (4, &[0, 0, 0, 255])], "{text}");
    }
    let unnamed = "label,p0,p1,p2,p3\n3,0,0,0,255,7\n4,0,0,0,255,7\n";
    let error = read(unnamed.as_bytes(), &Options::default()).err().unwrap();
    assert!(error.to_string().contains("5 names and the rows have 6 cells"), "{error}");
}

#[test]
fn a_header_that_pandas_made_out_of_a_row_is_no_row() {
    let error = read(b"6,0,0.1,0.2,0.3\n5,0,9,255,0\n4,0,9,255,0\n", &Options::default()).err().unwrap();
    assert!(error.to_string().contains("no label column"), "{error}");
}

#[test]
fn a_sparse_table_is_read() {
    let text = "5 1:0.5 4:1\n3 2:1\n8 2:7\nx 1:1\n";
    let (pictures, _) = read(text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(pictures.items[0].levels, [128, 0, 0, 255]);
    let reasons: Vec<_> = pictures.rejected.iter().map(|entry| entry.reason.as_str()).collect();
    assert_eq!(reasons, ["pixel 2: expected a number 0..1, found 7", "column 1: expected a label 0..9, found `x`"]);
}

#[test]
fn the_width_is_the_root_unless_given() {
    assert_eq!(shape(64, None, &[]).unwrap(), (8, 8));
    assert_eq!(shape(12, Some(4), &[]).unwrap(), (4, 3));
    assert!(shape(12, Some(5), &[]).is_err() && shape(0, None, &[]).is_err());
    assert!(shape(12, None, &[]).unwrap_err().to_string().contains("3 colours of 2x2"));
    let error = shape(65, None, &["column 1".into()]).unwrap_err().to_string();
    assert!(error.contains("--width; not counted as pixels: column 1"), "{error}");
}
