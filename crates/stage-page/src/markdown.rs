//! `tables.md`: the report for people at a terminal and for version control.

use std::fmt::Write;

use crate::block::{Answer, Block, Table};
use crate::escape::{markdown as escape, markdown_line};
use crate::lang::Lang;

/// The whole file.
pub fn markdown(lang: Lang, title: &str, blocks: &[Block]) -> String {
    let mut md = format!("# {}\n", escape(title));
    write_blocks(lang, &mut md, blocks, 2);
    md
}

fn write_blocks(lang: Lang, md: &mut String, blocks: &[Block], level: usize) {
    for block in blocks {
        md.push('\n');
        match block {
            Block::Heading(text) => {
                let _ = writeln!(md, "{} {}", "#".repeat(level), escape(text));
            }
            Block::Paragraph(text) => {
                let _ = writeln!(md, "{}", markdown_line(text));
            }
            Block::Warning(text) => {
                let _ = writeln!(md, "> {}", markdown_line(text));
            }
            Block::List(items) => items.iter().for_each(|item| {
                let _ = writeln!(md, "- {}", markdown_line(item));
            }),
            Block::Table(table) => write_table(md, table),
            Block::Answer(answer) => write_answer(md, answer),
            Block::Live { without, .. } => write_blocks(lang, md, without, level),
            Block::Pictures(pictures) => pictures.iter().for_each(|picture| {
                let _ = writeln!(md, "- {}", markdown_line(&picture.caption));
            }),
            Block::Gallery(gallery) => gallery.cells.iter().for_each(|cell| {
                let _ = writeln!(md, "- {}", markdown_line(&cell.title(lang)));
            }),
            Block::Strips(strips) => strips.iter().for_each(|strip| {
                let _ = writeln!(md, "- {}", markdown_line(&strip.line(lang)));
            }),
            Block::Signed(signed) => {
                let _ = writeln!(md, "{}", markdown_line(&signed.caption));
            }
            Block::Charts(charts) => charts.iter().for_each(|chart| {
                let _ = writeln!(md, "![{}]({}.svg)", escape(&chart.title), chart.file);
            }),
            Block::Fold { title, blocks, .. } => {
                let _ = writeln!(md, "{} {}", "#".repeat(level + 1), escape(title));
                write_blocks(lang, md, blocks, level + 1);
            }
        }
    }
}

fn write_answer(md: &mut String, answer: &Answer) {
    let _ = writeln!(md, "**{}** {}: {}\n", escape(&answer.figure), escape(&answer.what), escape(&answer.of));
    for (term, sentences) in &answer.facts {
        let sentences: Vec<String> = sentences.iter().map(|sentence| escape(sentence)).collect();
        let _ = writeln!(md, "- {}: {}", escape(term), sentences.join(" "));
    }
    if let Some(chart) = &answer.chart {
        let _ = writeln!(md, "\n![{}]({}.svg)", escape(&chart.title), chart.file);
    }
}

fn write_table(md: &mut String, table: &Table) {
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| escape(cell)).collect::<Vec<_>>()).collect();
    let width = |i: usize| {
        let head = table.columns[i].title.chars().count();
        rows.iter().map(|row| row[i].chars().count()).fold(head.max(3), usize::max)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    let _ = writeln!(md, "{}:\n", markdown_line(&table.caption));
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for ((cell, width), column) in cells.zip(&widths).zip(&table.columns) {
            let _ = if column.numeric { write!(md, "| {cell:>width$} ") } else { write!(md, "| {cell:<width$} ") };
        }
        md.push_str("|\n");
    };
    line(&mut table.columns.iter().map(|column| column.title.as_str()));
    let rules: Vec<String> = widths
        .iter()
        .zip(&table.columns)
        .map(|(width, column)| if column.numeric { "-".repeat(width - 1) + ":" } else { "-".repeat(*width) })
        .collect();
    line(&mut rules.iter().map(String::as_str));
    for row in &rows {
        line(&mut row.iter().map(String::as_str));
    }
}
