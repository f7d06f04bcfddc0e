//! A confusion matrix whose cells lead to pictures. Without JavaScript a cell leads to its pictures further down; with
//! it, the cell's pictures are shown alone.

use maud::{Markup, html};

use crate::chart::Chart;
use crate::escape::printable;
use crate::lang::Lang;
use crate::picture::Picture;

/// A confusion matrix with pictures of its cells.
pub struct Gallery {
    /// Unlike that of any other gallery of the page; ids begin with it. A word of letters, digits and hyphens.
    pub id: String,
    /// What the matrix counts.
    pub caption: String,
    /// Of rows and columns.
    pub labels: Vec<u8>,
    /// How often the label of a row was predicted as that of a column, row by row.
    pub counts: Vec<u64>,
    /// Cells with pictures, in the order in which they are read.
    pub cells: Vec<Cell>,
    /// The same matrix for papers. It is a file beside the page and not on it.
    pub chart: Chart,
}

/// The pictures of a cell.
pub struct Cell {
    /// The label that they show.
    pub label: u8,
    /// The label that was predicted.
    pub predicted: u8,
    /// What stands above them, behind label and prediction.
    pub note: String,
    /// At least one.
    pub samples: Vec<Sample>,
}

/// A picture with shares as bars.
pub struct Sample {
    /// The picture; its caption is read aloud instead of it.
    pub picture: Picture,
    /// What stands below it, a line each; the whole text where it had to be cut.
    pub lines: Vec<(String, Option<String>)>,
    /// The longest first, as a rule.
    pub bars: Vec<Bar>,
}

/// A share of 1.
pub struct Bar {
    /// What it is the share of.
    pub name: String,
    /// 0 to 1.
    pub share: f64,
    /// Whether it looks unlike the others: the right one.
    pub is_marked: bool,
}

impl Cell {
    fn is_right(&self) -> bool {
        self.label == self.predicted
    }

    pub(crate) fn title(&self, lang: Lang) -> String {
        let Self { label, predicted, note, .. } = self;
        lang.pick(
            format!("Label {label}, predicted {predicted}: {note}"),
            format!("레이블 {label}, 예측 {predicted}: {note}"),
        )
    }
}

impl Gallery {
    fn cell_id(&self, label: u8, predicted: u8) -> String {
        format!("{}-{label}-{predicted}", self.id)
    }

    pub(crate) fn markup(&self, lang: Lang) -> Markup {
        html! {
            div class="gallery" id=(self.id) {
                div class="matrix" {
                    (self.matrix(lang))
                    p class="shown" role="status"
                        data-choose=(lang.pick("Choose a cell to see its pictures.", "칸을 고르면 그 그림이 보입니다.")) {}
                    button type="button" hidden { (lang.pick("All misclassified", "오분류 모두 보기")) }
                }
                div class="cells" { @for cell in &self.cells { (self.cell_markup(lang, cell)) } }
            }
        }
    }

    fn matrix(&self, lang: Lang) -> Markup {
        let n = self.labels.len();
        html! {
            div class="wide" tabindex="0" role="group" aria-label=(printable(&self.caption)) {
                table {
                    caption { (printable(&self.caption)) }
                    thead {
                        tr {
                            th scope="col" { (lang.pick("label", "레이블")) }
                            @for label in &self.labels { th scope="col" { (label) } }
                        }
                    }
                    tbody {
                        @for (i, label) in self.labels.iter().enumerate() {
                            tr {
                                th scope="row" { (label) }
                                @for (j, predicted) in self.labels.iter().enumerate() {
                                    (self.count(lang, *label, *predicted, &self.counts[i * n..(i + 1) * n], j))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// A cell of the matrix. Its shade is the root of its share of the row, so that single mistakes can be seen.
    fn count(&self, lang: Lang, label: u8, predicted: u8, row: &[u64], at: usize) -> Markup {
        let (count, all) = (row[at], row.iter().sum::<u64>().max(1));
        let shade = format!("--p:{:.2}", libm::sqrt(count as f64 / all as f64));
        let class = if label == predicted { "right" } else { "wrong" };
        let has_pictures = self.cells.iter().any(|cell| (cell.label, cell.predicted) == (label, predicted));
        html! {
            td class=(class) style=[(count > 0).then_some(shade)] {
                @if has_pictures {
                    a href={ "#" (self.cell_id(label, predicted)) }
                        aria-label=(count_label(lang, count, label, predicted)) { (count) }
                } @else if count > 0 { (count) } @else { "·" }
            }
        }
    }

    fn cell_markup(&self, lang: Lang, cell: &Cell) -> Markup {
        html! {
            div class={ "cell" @if cell.is_right() { " right" } } id=(self.cell_id(cell.label, cell.predicted)) {
                h3 { (printable(&cell.title(lang))) }
                div class="samples" { @for sample in &cell.samples { (sample.markup()) } }
            }
        }
    }
}

/// A count of the matrix, read aloud.
fn count_label(lang: Lang, count: u64, label: u8, predicted: u8) -> String {
    lang.pick(
        format!("{count}: label {label}, predicted {predicted}"),
        format!("{count}: 레이블 {label}, 예측 {predicted}"),
    )
}

impl Sample {
    fn markup(&self) -> Markup {
        html! {
            figure class="sample" {
                (self.picture.image(112))
                ul class="bars" {
                    @for bar in &self.bars {
                        li class=[bar.is_marked.then_some("label")] {
                            span { (printable(&bar.name)) }
                            i style={ "width:" (format!("{:.0}", bar.share * 48.0)) "px" } {}
                            span { (format!("{:.2}", bar.share)) }
                        }
                    }
                }
                figcaption {
                    @for (line, whole) in &self.lines {
                        span title=[whole.as_deref().map(printable)] { (printable(line)) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gallery() -> Gallery {
        let picture = Picture { width_px: 2, pixels: vec![0, 255, 255, 0], caption: "row 3: <b>".into(), link: None };
        let bar = Bar { name: "7".into(), share: 0.25, is_marked: true };
        let long = ("a\u{2026}".into(), Some("\"><script>".to_owned()));
        let sample = Sample { picture, lines: vec![("row 3".into(), None), long], bars: vec![bar] };
        let cells = vec![Cell { label: 1, predicted: 7, note: "1 picture".into(), samples: vec![sample] }];
        let labels: stage_files::LabelSet = "1,7".parse().unwrap();
        let chart = crate::chart::confusion(
            Lang::En,
            "x".into(),
            "x",
            &mlp_statistics::confusion::Confusion::count(&labels, &[]),
        );
        Gallery { id: "g".into(), caption: "matrix".into(), labels: vec![1, 7], counts: vec![3, 1, 0, 4], cells, chart }
    }

    #[test]
    fn a_cell_with_pictures_leads_to_them_and_others_are_numbers() {
        let html = gallery().markup(Lang::En).into_string();
        assert_eq!(html.matches("<a href=").count(), 1, "{html}");
        assert!(html.contains(r##"<a href="#g-1-7" aria-label="1: label 1, predicted 7">1</a>"##), "{html}");
        assert!(html.contains(r#"<div class="cell" id="g-1-7"><h3>Label 1, predicted 7: 1 picture</h3>"#), "{html}");
        assert!(html.contains(r#"<td class="wrong">·</td>"#) && html.contains(r#"style="--p:0.50""#), "{html}");
        assert!(html.contains(r#"<li class="label"><span>7</span><i style="width:12px"></i><span>0.25</span>"#));
    }

    #[test]
    fn what_names_hold_is_escaped() {
        let html = gallery().markup(Lang::En).into_string();
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(html.contains("&quot;&gt;&lt;script&gt;") && html.contains("row 3: &lt;b&gt;"), "{html}");
    }
}
