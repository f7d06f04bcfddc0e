//! The cells of a table as numbers, row by row, and the header if there is one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use stage_files::refuse;

use super::cell;
use super::separator::Separator;

/// A table in numbers.
pub(super) struct Grid<'a> {
    /// What stands between the cells.
    pub separator: Separator,
    /// `.`, or `,` where that stands before the fraction.
    pub decimal: char,
    /// Names of the columns, if there is a header.
    pub header: Option<Vec<String>>,
    /// Cells of each row.
    pub columns: usize,
    /// The rows that have as many cells.
    pub rows: Vec<Row<'a>>,
    /// Line and number of cells of the others.
    pub ragged: Vec<(u64, usize)>,
}

/// A row of numbers.
pub(super) struct Row<'a> {
    /// Its line in the file, from 1.
    pub line: u64,
    text: &'a str,
    /// Its cells; NaN where a cell is no number.
    pub values: Vec<f32>,
}

impl<'a> Grid<'a> {
    /// # Errors
    /// A text without rows, and lines that are not divided into cells.
    pub(super) fn parse(text: &'a str) -> anyhow::Result<Self> {
        let mut lines: Vec<(u64, &str)> =
            (1..).zip(text.split('\n')).filter(|(_, line)| !line.trim().is_empty()).collect();
        let mut stated = None;
        if let Some((_, first)) = lines.first()
            && let Some(character) = first.trim().strip_prefix("sep=")
        {
            stated = character.chars().next().filter(char::is_ascii).map(Separator::Character);
            lines.remove(0);
        }
        // `# label,p0,..` of NumPy's savetxt is a header, `@attribute label real` of Weka's ARFF a part of one; other
        // such lines are comments.
        let is_comment = |line: &str| line.starts_with(['#', '%', '@']);
        let data = lines.iter().map(|(_, line)| *line).filter(|line| !is_comment(line));
        let Some(first_row) = data.clone().next() else { refuse!("no row; expected one row a picture") };
        let Some(separator) = stated.or_else(|| Separator::find(&data)) else {
            refuse!(
                "its lines are not divided into cells by commas, semicolons, tabs or blanks; expected one row a \
                 picture, found `{}`",
                shortened(first_row)
            )
        };
        let first = lines.iter().position(|(_, line)| !is_comment(line)).unwrap_or(0);
        let attributes: Vec<String> = lines[..first].iter().filter_map(|(_, line)| attribute(line)).collect();
        let commented = lines[..first].last().map(|(_, line)| line.trim_start_matches(['#', '%']));
        let lines = lines[first..].iter().filter(|(_, line)| !is_comment(line)).copied();
        let mut grid = Self::of_lines(separator, commented, lines.collect())?;
        if attributes.len() == grid.columns {
            grid.header = Some(attributes);
        }
        Ok(grid)
    }

    fn of_lines(
        separator: Separator,
        commented: Option<&'a str>,
        mut lines: Vec<(u64, &'a str)>,
    ) -> anyhow::Result<Self> {
        let decimal =
            if separator != Separator::Character(',') && has_decimal_commas(separator, &lines) { ',' } else { '.' };
        let columns = usual_count(separator, &lines);
        let mut cells = Vec::new();
        let mut names = |line: &'a str| {
            separator.cells(line, &mut cells);
            let mut names: Vec<String> =
                cells.iter().map(|cell| cell.trim_start_matches('#').trim().to_owned()).collect();
            if names.len() + 1 == columns {
                names.push(String::new());
            }
            (names.len() == columns).then_some(names)
        };
        let mut header = commented.and_then(&mut names);
        if header.is_none()
            && let Some(first) = lines.first().and_then(|(_, line)| names(line))
            && is_header(&first, decimal, lines.get(1).map(|(_, line)| *line), separator)
        {
            header = Some(first);
            lines.remove(0);
            if lines.is_empty() {
                refuse!("a header and no row; expected one row a picture");
            }
        }
        let (mut rows, mut ragged) = (Vec::with_capacity(lines.len()), Vec::new());
        for (line, text) in lines {
            separator.cells(text, &mut cells);
            if cells.len() == columns {
                let values = cells.iter().map(|cell| cell::number(cell, decimal).unwrap_or(f32::NAN)).collect();
                rows.push(Row { line, text, values });
            } else {
                ragged.push((line, cells.len()));
            }
        }
        let mut grid = Self { separator, decimal, header, columns, rows, ragged };
        grid.complete_header()?;
        Ok(grid)
    }

    /// A header with a name less than there are columns: the last column is empty, as rows that end with a separator
    /// have it, or the first one has no name, as R writes the names of rows. Otherwise names and columns cannot be
    /// brought together, and a wrong label would be read.
    fn complete_header(&mut self) -> anyhow::Result<()> {
        let last = self.columns - 1;
        let unnamed = |names: &Vec<String>| names.iter().filter(|name| name.is_empty()).count();
        let is_short = self.header.as_ref().is_some_and(|names| names[last].is_empty() && unnamed(names) == 1);
        if !is_short || self.is_without_numbers(last) {
            return Ok(());
        }
        if !self.is_count(0) && !self.is_without_numbers(0) {
            refuse!("the header has {last} names and the rows have {} cells; correct the header", self.columns);
        }
        if let Some(names) = &mut self.header {
            names.rotate_right(1);
        }
        Ok(())
    }

    /// A column in words: `column 3 (pixel2)`.
    pub(super) fn place(&self, column: usize) -> String {
        match self.header.as_ref().map(|header| header[column].as_str()) {
            None | Some("") => format!("column {}", column + 1),
            Some(name) => format!("column {} ({})", column + 1, shortened(name)),
        }
    }

    /// What stands in a cell.
    pub(super) fn cell(&self, row: &Row<'a>, column: usize) -> Cow<'a, str> {
        let mut cells = Vec::new();
        self.separator.cells(row.text, &mut cells);
        cells.swap_remove(column)
    }

    /// What stands in a cell, for a message.
    pub(super) fn shown(&self, row: &Row<'a>, column: usize) -> String {
        let cell = self.cell(row, column);
        if cell.is_empty() { "an empty cell".into() } else { format!("`{}`", shortened(&cell)) }
    }

    /// The values of a column.
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = f32> + Clone + '_ {
        self.rows.iter().map(move |row| row.values[column])
    }
}

/// The name in a line `@attribute NAME TYPE` of an ARFF file.
fn attribute(line: &str) -> Option<String> {
    let mut words = line.split_ascii_whitespace();
    let is_attribute = words.next()?.eq_ignore_ascii_case("@attribute");
    is_attribute.then(|| words.next().map(|name| name.trim_matches(['\'', '"']).to_owned()))?
}

/// A text of at most 40 characters.
fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push_str("..");
    }
    short
}

fn usual_count(separator: Separator, lines: &[(u64, &str)]) -> usize {
    let (mut of_count, mut cells) = (BTreeMap::new(), Vec::new());
    for (_, line) in lines {
        separator.cells(line, &mut cells);
        *of_count.entry(cells.len()).or_insert(0u64) += 1;
    }
    of_count.into_iter().max_by_key(|(_, lines)| *lines).map_or(0, |(cells, _)| cells)
}

fn has_decimal_commas(separator: Separator, lines: &[(u64, &str)]) -> bool {
    let mut cells = Vec::new();
    lines.iter().any(|(_, line)| {
        line.contains(',') && {
            separator.cells(line, &mut cells);
            cells.iter().any(|cell| cell::has_decimal_comma(cell))
        }
    })
}

/// Whether the cells of the first line are names. They are when half of them are no numbers, when they count
/// (`label,0,1,2,..`), or when pandas made them out of a row: it writes a name that comes again as `0.1`, `0.2`, ..
fn is_header(first: &[String], decimal: char, second: Option<&str>, separator: Separator) -> bool {
    let filled = first.iter().filter(|cell| !cell.is_empty()).count();
    let numbers: Vec<f32> = first.iter().filter_map(|cell| cell::number(cell, decimal)).collect();
    let words = filled - numbers.len();
    if filled > 0 && 2 * words >= filled {
        return true;
    }
    if numbers.len() >= 4 && numbers.array_windows().all(|[a, b]| b - a == 1.0) {
        return true;
    }
    let fractions = |cells: &mut dyn Iterator<Item = &str>| cells.filter(|cell| cell.contains('.')).count();
    let distinct = first.iter().collect::<std::collections::BTreeSet<_>>().len() == first.len();
    let mut cells = Vec::new();
    if let Some(second) = second {
        separator.cells(second, &mut cells);
    }
    let of_second = fractions(&mut cells.iter().map(|cell| &**cell));
    first.len() > 4 && distinct && 2 * fractions(&mut first.iter().map(String::as_str)) > first.len() && of_second == 0
}

/// What a column holds in all rows.
impl Grid<'_> {
    /// Whether (nearly) no cell of a column is a number: names of files, or nothing.
    pub(super) fn is_without_numbers(&self, column: usize) -> bool {
        let numbers = self.column(column).filter(|value| !value.is_nan()).count();
        !self.rows.is_empty() && 10 * numbers < self.rows.len()
    }

    /// Whether a column counts the rows, from 0 or 1.
    pub(super) fn is_count(&self, column: usize) -> bool {
        let mut values = self.column(column);
        let first = values.next();
        let counts = values.zip(1..).all(|(value, n)| Some(value) == first.map(|first| first + n as f32));
        self.rows.len() > 1 && matches!(first, Some(0.0 | 1.0)) && counts
    }
}
