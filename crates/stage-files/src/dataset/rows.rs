//! The rows file: `row,source,label,size,group`, row from 0, in the order of the CSV.

use std::path::Path;

use anyhow::Context;

use super::RowInfo;
use crate::labels::LabelSet;
use crate::refuse;

pub const HEADER: [&str; 5] = ["row", "source", "label", "size", "group"];

/// Reads the rows file of a CSV with these classes; `None` when there is none.
pub fn read(path: &Path, labels: &LabelSet, classes: &[u8]) -> anyhow::Result<Option<Vec<RowInfo>>> {
    let bytes = match fs_err::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    parse(&bytes, labels, classes).with_context(|| path.display().to_string()).map(Some)
}

fn parse(bytes: &[u8], labels: &LabelSet, classes: &[u8]) -> anyhow::Result<Vec<RowInfo>> {
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    if reader.headers()? != &csv::StringRecord::from(HEADER.to_vec()) {
        refuse!("line 1: expected the header {}, found {:?}", HEADER.join(","), reader.headers()?);
    }
    let mut rows = Vec::with_capacity(classes.len());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => refuse!("{error}"),
        };
        let line = record.position().map_or(0, csv::Position::line);
        let at = rows.len();
        let expected = classes.get(at).and_then(|class| labels.digit_of(*class));
        if record[0].parse() != Ok(at) {
            refuse!("line {line}: expected row {at}, found `{}`; make the CSV and this file again", &record[0]);
        }
        let (Ok(label), Ok(size)) = (record[2].parse::<u8>(), record[3].parse::<u8>()) else {
            refuse!("line {line}: expected a label 0..9 and a size 1..255, found `{}` and `{}`", &record[2], &record[3]);
        };
        if Some(label) != expected {
            refuse!(
                "line {line}: label {label} is not that of row {at} of the CSV ({}); this file belongs to another CSV",
                expected.map_or("which has no such row".into(), |digit| digit.to_string())
            );
        }
        let group = Some(record[4].to_owned()).filter(|group| !group.is_empty());
        rows.push(RowInfo { source: record[1].to_owned(), label, size, group });
    }
    if rows.len() != classes.len() {
        refuse!("{} rows, but the CSV has {}; this file belongs to another CSV", rows.len(), classes.len());
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_must_belong_to_their_csv() {
        let labels: LabelSet = "1-3".parse().unwrap();
        let good = "row,source,label,size,group\n0,1_20_kim-1.png,1,20,kim\n1,\"3_8_a,b.png\",3,8,\n";
        let rows = parse(good.as_bytes(), &labels, &[0, 2]).unwrap();
        assert_eq!(rows[0].group.as_deref(), Some("kim"));
        assert_eq!((rows[1].source.as_str(), rows[1].group.as_ref()), ("3_8_a,b.png", None));
        for (classes, message) in [
            (&[0, 1][..], "label 3 is not that of row 1"),
            (&[0], "which has no such row"),
            (&[0, 2, 2], "2 rows, but the CSV has 3"),
        ] {
            let error = parse(good.as_bytes(), &labels, classes).unwrap_err();
            assert!(error.to_string().contains(message) && crate::is_refused(&error), "{error}");
        }
        assert!(parse(b"a,b\n", &labels, &[]).is_err());
        assert!(parse(good.replace("\n1,", "\n7,").as_bytes(), &labels, &[0, 2]).is_err());
    }
}
