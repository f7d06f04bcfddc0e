//! Apache Parquet: pictures as files in a column, as Hugging Face lays data sets out, or a column for each pixel.
//!
//! | columns | what they are |
//! |---|---|
//! | `image` (`bytes`, `path`), `label` | picture files, each with its label |
//! | `label`, `pixel0`, `pixel1`, .. | a table, read as the same table in CSV |

use bytes::Bytes;
use digit_image::decode::{DecodeOptions, decode_gray};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::Value;
use stage_files::panic_guard::guarded;
use stage_files::refuse;
use stage_files::rejected::Rejected;

use super::gather::{Item, Pictures};
use super::table::{self, Found, LabelColumn, Options};

/// The pictures of a Parquet file.
///
/// # Errors
/// What makes the file unreadable or ambiguous; a picture that cannot be read is rejected.
pub(super) fn read(bytes: &[u8], options: &Options) -> anyhow::Result<(Pictures, Found)> {
    match guarded(|| File::open(bytes).and_then(|file| file.pictures(options))) {
        Some(read) => read,
        None => refuse!("a damaged Parquet file; copy it again"),
    }
}

struct File {
    reader: SerializedFileReader<Bytes>,
    columns: Vec<String>,
}

fn wrong<T>(error: &ParquetError) -> anyhow::Result<T> {
    refuse!("a damaged Parquet file, or one of a kind that is not read ({error}); save the table as CSV")
}

impl File {
    fn open(bytes: &[u8]) -> anyhow::Result<Self> {
        let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes)).or_else(|error| wrong(&error))?;
        let metadata = reader.metadata();
        for column in metadata.row_groups().iter().flat_map(RowGroupMetaData::columns) {
            match column.compression() {
                Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) => {}
                other => {
                    let name = format!("{other:?}");
                    let name = name.split('(').next().unwrap_or_default();
                    refuse!("Parquet packed with {name}, which is not read; write it again with snappy or gzip");
                }
            }
        }
        let fields = metadata.file_metadata().schema().get_fields();
        let columns = fields.iter().map(|field| field.name().to_owned()).collect();
        Ok(Self { reader, columns })
    }

    fn rows(&self) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Row>> + '_> {
        let rows = self.reader.get_row_iter(None).or_else(|error| wrong(&error))?;
        Ok(rows.map(|row| row.or_else(|error| wrong(&error))))
    }

    fn pictures(&self, options: &Options) -> anyhow::Result<(Pictures, Found)> {
        let Some(first) = self.rows()?.next().transpose()? else { refuse!("no row; expected one row a picture") };
        let holds_files = |(_, field): &(&String, &Field)| picture_bytes(field).is_some();
        let of_files: Vec<&String> = first.get_column_iter().filter(holds_files).map(|(name, _)| name).collect();
        match (&of_files[..], &options.arrays.images) {
            ([], _) => self.table(options),
            (_, Some(asked)) if !of_files.contains(&asked) => {
                refuse!("--images {asked}: no column of pictures has this name; there are {}", listed(&of_files))
            }
            (_, Some(asked)) => self.files(asked, options),
            ([only], None) => self.files(only, options),
            (several, None) => {
                refuse!("several columns hold pictures: {}; give --images with the name of one", listed(several))
            }
        }
    }

    /// Picture files, each with its label.
    fn files(&self, images: &str, options: &Options) -> anyhow::Result<(Pictures, Found)> {
        let label = self.label_column(images, options)?;
        let names = self.class_names(label)?;
        let (mut items, mut rejected) = (Vec::new(), Vec::new());
        let digits = self.reader.metadata().file_metadata().num_rows().max(1).to_string().len();
        for (n, row) in self.rows()?.enumerate() {
            let row = row?;
            let source = format!("row {n}");
            let field = |name: &str| row.get_column_iter().find(|(column, _)| *column == name).map(|(_, field)| field);
            let label = class(field(label), names.as_deref());
            let picture = field(images).and_then(picture_bytes).ok_or_else(|| "has no picture".to_owned());
            let picture = picture.and_then(|bytes| {
                decode_gray(bytes, &DecodeOptions::default()).map_err(|error| format!("{images}: {error}"))
            });
            match label.and_then(|label| Ok((label, picture?))) {
                Ok((label, picture)) => {
                    let (id, width_px) = (format!("r{n:0digits$}"), Some(picture.width_px));
                    items.push(Item { source, id, label, levels: picture.pixels, width_px });
                }
                Err(reason) => rejected.push(Rejected { source, reason }),
            }
        }
        let others = self.columns.iter().filter(|name| *name != images && *name != label).collect::<Vec<_>>();
        let found = [("format", "Parquet".to_owned()), ("images", images.to_owned()), ("label", label.to_owned())];
        let mut found = Found::from(found);
        if !others.is_empty() {
            found.push(("passed_over", listed(&others)));
        }
        let pictures = Pictures { width_px: 0, height_px: 0, items, rejected, label_place: label.to_owned() };
        Ok((pictures, found))
    }

    fn label_column(&self, images: &str, options: &Options) -> anyhow::Result<&str> {
        let has_name = |name: &&String| *name != images && table::is_label_name(name);
        let candidates: Vec<&String> = match &options.label_column {
            Some(LabelColumn::Name(asked)) => self.columns.iter().filter(|name| *name == asked).collect(),
            Some(LabelColumn::First) => self.columns.first().into_iter().collect(),
            Some(LabelColumn::Last) => self.columns.last().into_iter().collect(),
            Some(LabelColumn::Number(number)) => self.columns.get(number - 1).into_iter().collect(),
            None => self.columns.iter().filter(has_name).collect(),
        };
        match &candidates[..] {
            [one] => Ok(one),
            [] => refuse!(
                "no label column: expected one named label, class, digit, target or y; give --label-column with the \
                 name of one; there are {}",
                listed(&self.columns.iter().collect::<Vec<_>>())
            ),
            several => refuse!("several columns may hold the label: {}; give --label-column", listed(several)),
        }
    }

    /// The names of the classes whose numbers a column holds, where the file says them: class 0 need not be digit 0.
    fn class_names(&self, label: &str) -> anyhow::Result<Option<Vec<i64>>> {
        let pairs = self.reader.metadata().file_metadata().key_value_metadata();
        let said = pairs.into_iter().flatten().find(|pair| pair.key == "huggingface");
        let said: Value = said.and_then(|pair| serde_json::from_str(pair.value.as_deref()?).ok()).unwrap_or_default();
        let Some(names) = said["info"]["features"][label]["names"].as_array() else { return Ok(None) };
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let digits: Result<Vec<i64>, _> = names.iter().map(|name| name.parse()).collect();
        match digits {
            Ok(digits) => Ok(Some(digits)),
            Err(_) => refuse!(
                "{label}: expected classes whose names are digits, found {}; rename them in the data set",
                names.join(", ")
            ),
        }
    }

    /// A column for each pixel: read as the same table in CSV, whose header is line 1.
    fn table(&self, options: &Options) -> anyhow::Result<(Pictures, Found)> {
        let quoted = |text: &str| format!("\"{}\"", text.replace(['"', '\n', '\r'], " "));
        let mut text = self.columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",") + "\n";
        for row in self.rows()? {
            let row = row?;
            let cell = |(_, field): (&String, &Field)| match field {
                Field::Str(text) => quoted(text),
                Field::Null | Field::Bytes(_) | Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => {
                    String::new()
                }
                number => number.to_string(),
            };
            text += &(row.get_column_iter().map(cell).collect::<Vec<_>>().join(",") + "\n");
        }
        let (pictures, mut found) = table::read(text.as_bytes(), options)?;
        found.retain(|(key, _)| !["encoding", "line_ends", "separator", "header"].contains(key));
        found.insert(0, ("format", "Parquet".to_owned()));
        Ok((pictures, found))
    }
}

/// The bytes of a picture file: the field itself, or its part `bytes`.
fn picture_bytes(field: &Field) -> Option<&[u8]> {
    match field {
        Field::Bytes(bytes) => Some(bytes.data()),
        Field::Group(parts) => {
            parts.get_column_iter().find(|(name, _)| *name == "bytes").and_then(|(_, part)| picture_bytes(part))
        }
        _ => None,
    }
}

/// The label that a field holds: a number, or digits as text.
fn class(field: Option<&Field>, names: Option<&[i64]>) -> Result<i64, String> {
    let text = match field {
        Some(Field::Str(text)) => text.clone(),
        Some(Field::Null) | None => return Err("has no label".to_owned()),
        Some(other) => other.to_string(),
    };
    let number = text.trim().parse::<f64>().ok().filter(|number| number.fract() == 0.0 && number.abs() < 1e6);
    let Some(number) = number.map(|number| number as i64) else {
        return Err(format!("expected a label 0..9, found {text}"));
    };
    match names {
        None => Ok(number),
        Some(names) => {
            let name = usize::try_from(number).ok().and_then(|at| names.get(at));
            name.copied().ok_or_else(|| format!("expected a class 0..{}, found {number}", names.len() - 1))
        }
    }
}

fn listed(names: &[&String]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ")
}
