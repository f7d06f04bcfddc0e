//! `findings.html`: each finding with its picture, and buttons. One file that needs nothing else.
//!
//! Decisions are kept in the browser's `localStorage` under the digest of the pictures, and saved as `fixes.csv`, whose
//! form `stage_files::fixes` defines.

mod overview;
mod rejected;

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};
use serde_json::json;
use stage_files::fixes::{FIXES_COLUMNS, FIXES_FILE};
use stage_page::escape::{json_in_script, printable};
use stage_page::format::counted;
use stage_page::{Lang, document};

use crate::finding::{Finding, Findings, Kind};
use crate::findings_csv::FINDINGS_FILE;
use crate::pictures::Pictures;

pub(crate) use rejected::RejectedPictures;

/// Name of the file.
pub(crate) const PAGE_FILE: &str = "findings.html";
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");
/// Pictures of a group that are shown.
const MOST_OF_GROUP: usize = 12;
/// Digits on the number of a finding in an anchor.
const KEYS: [(&str, &str); 7] = [
    ("→ ←", "next, previous finding"),
    ("d", "drop the picture"),
    ("r", "relabel it as suggested"),
    ("0 .. 9", "relabel it to this digit"),
    ("k", "keep it as it is"),
    ("u", "undecided again"),
    ("s", "save fixes.csv"),
];

/// The whole page. `shown` findings of each kind are on it; `digest` tells one set of pictures from another.
pub(crate) fn page(
    pictures: &Pictures,
    findings: &Findings,
    rejected: &RejectedPictures,
    shown: usize,
    digest: &str,
) -> String {
    let sections = sections(findings, shown);
    let decidable = Decidable::of(&sections);
    let title = format!("Findings in {}", pictures.name);
    let body = html! {
        header {
            h1 { (printable(&title)) }
            p { (summary(pictures, findings)) }
            @for note in &findings.notes { p { (printable(note)) } }
            (contents(&sections, rejected.count()))
            (keys())
        }
        @if !decidable.rows.is_empty() { (bar()) }
        main {
            @for section in &sections { (section_markup(pictures, section, &decidable)) }
            @if rejected.count() > 0 { (rejected.markup()) }
            (overview::overview(pictures))
        }
        script type="application/json" id="data" { (PreEscaped(data(pictures, &decidable, digest))) }
        script { (PreEscaped(SCRIPT)) }
    };
    document(Lang::En, &printable(&title), &html! { style { (PreEscaped(STYLE)) } }, &body)
}

/// The findings of a kind that are on the page, with their numbers.
struct Section<'a> {
    kind: Kind,
    count: usize,
    shown: Vec<(usize, &'a Finding)>,
}

fn sections(findings: &Findings, shown: usize) -> Vec<Section<'_>> {
    let of_kind = |kind| {
        let all = (1..).zip(&findings.list).filter(move |(_, finding)| finding.kind == kind);
        Section { kind, count: findings.of_kind(kind).count(), shown: all.take(shown).collect() }
    };
    Kind::ALL.into_iter().map(of_kind).filter(|section| section.count > 0).collect()
}

/// The pictures that a person decides about, each with its place in the list that the script gets.
struct Decidable {
    rows: Vec<u32>,
    places: BTreeMap<u32, usize>,
}

impl Decidable {
    fn of(sections: &[Section<'_>]) -> Self {
        let mut found = Self { rows: Vec::new(), places: BTreeMap::new() };
        for (_, finding) in
            sections.iter().filter(|section| is_decided(section.kind)).flat_map(|section| &section.shown)
        {
            for &row in &finding.of {
                if !found.places.contains_key(&row) {
                    found.places.insert(row, found.rows.len());
                    found.rows.push(row);
                }
            }
        }
        found
    }

    /// The places of a finding's pictures, separated by blanks.
    fn places(&self, finding: &Finding) -> String {
        let places = finding.of.iter().filter_map(|row| self.places.get(row));
        places.map(usize::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// Whether a person decides about the pictures: what is missing cannot be dropped.
fn is_decided(kind: Kind) -> bool {
    !matches!(kind, Kind::FewOfLabel | Kind::FewOfWriter)
}

/// What the script needs, as JSON that ends no script.
fn data(pictures: &Pictures, decidable: &Decidable, digest: &str) -> String {
    let picture = |&row: &u32| {
        let item = &pictures.items[row as usize];
        json!([item.picture, item.source, item.row.map_or_else(String::new, |row| row.to_string()), item.label])
    };
    let rows: Vec<serde_json::Value> = decidable.rows.iter().map(picture).collect();
    let data = json!({ "key": format!("digit-doctor:{digest}"), "file": FIXES_FILE, "columns": FIXES_COLUMNS, "pictures": rows });
    json_in_script(&data.to_string())
}

fn summary(pictures: &Pictures, findings: &Findings) -> String {
    let tested = pictures.len() - pictures.own;
    let beside = if tested > 0 { format!(", and {} that test", counted(tested, "row")) } else { String::new() };
    format!("{} looked at{beside}: {}.", counted(pictures.own, "picture"), counted(findings.list.len(), "finding"))
}

fn contents(sections: &[Section<'_>], rejected: usize) -> Markup {
    html! {
        @if sections.is_empty() { p { "Nothing was found." } }
        nav aria-label="Parts of the page" {
            ul {
                @for section in sections {
                    li { a href={ "#" (section.kind.word()) } { (section.kind.title()) } " " span.n { (section.count) } }
                }
                @if rejected > 0 { li { a href="#rejected" { "Rejected" } " " span.n { (rejected) } } }
                li { a href="#overview" { "What there is" } }
            }
        }
    }
}

fn keys() -> Markup {
    html! {
        details { summary { "Keys" }
            dl { @for (key, what) in KEYS { div { dt { kbd { (key) } } dd { (what) } } } }
        }
    }
}

fn bar() -> Markup {
    html! {
        div.bar role="region" aria-label="Decisions" {
            p #count role="status" { "Nothing is decided yet." }
            button #next type="button" { "Next undecided" }
            button #reset type="button" { "Forget all" }
            button #save.main type="button" { "Save " (FIXES_FILE) }
        }
        noscript { p { "Without JavaScript nothing can be decided here; " (FINDINGS_FILE) " has the same findings." } }
    }
}

fn section_markup(pictures: &Pictures, section: &Section<'_>, decidable: &Decidable) -> Markup {
    let more = section.count - section.shown.len();
    html! {
        section aria-labelledby=(section.kind.word()) {
            h2 id=(section.kind.word()) { (section.kind.title()) " " span.n { (section.count) } }
            p { (section.kind.about()) }
            div.cards { @for (number, finding) in &section.shown { (card(pictures, *number, finding, decidable)) } }
            @if more > 0 { p { (more) " more are in " (FINDINGS_FILE) "." } }
        }
    }
}

fn card(pictures: &Pictures, number: usize, finding: &Finding, decidable: &Decidable) -> Markup {
    let places = if is_decided(finding.kind) { decidable.places(finding) } else { String::new() };
    let name = match finding.of.as_slice() {
        [] => String::new(),
        [one] => pictures.items[*one as usize].name(),
        several => counted(several.len(), "picture"),
    };
    let heading = if name.is_empty() { format!("Finding {number}") } else { name };
    let heading = printable(&heading);
    let shown = finding.of.iter().take(MOST_OF_GROUP);
    let suggested = finding.suggested.map(|label| label.to_string());
    html! {
        article.card id={ "finding-" (number) } tabindex="-1" aria-labelledby={ "name-" (number) }
            data-of=[(!places.is_empty()).then_some(&places)] data-suggested=[suggested.as_ref()] {
            div.pair {
                @for &row in shown { (figure(pictures, row, None)) }
                @if let Some(other) = finding.other { (figure(pictures, other, Some("beside"))) }
            }
            h3 id={ "name-" (number) } { span.n { (number) } " " (heading) }
            p.reason { (printable(&finding.reason)) }
            @if !places.is_empty() { (buttons(&heading, finding.suggested)) }
        }
    }
}

fn figure(pictures: &Pictures, row: u32, class: Option<&str>) -> Markup {
    let item = &pictures.items[row as usize];
    let picture = pictures.picture(row as usize);
    let alt = printable(&format!("{}, labelled {}", item.name(), item.label));
    let height = 80 * picture.height_px() / picture.width_px.max(1);
    html! {
        figure class=[class] title=(alt) {
            @if let Some(source) = picture.data_uri() {
                img src=(source) alt=(alt) width="80" height=(height) loading="lazy";
            }
            figcaption { @if class.is_some() { "beside: " } (item.label) }
        }
    }
}

fn buttons(name: &str, suggested: Option<u8>) -> Markup {
    html! {
        div.buttons role="group" aria-label={ "Decide about " (name) } {
            @if let Some(label) = suggested {
                button type="button" data-action="relabel" data-label=(label) aria-pressed="false" { "Relabel to " (label) }
            }
            button type="button" data-action="drop" aria-pressed="false" { "Drop" }
            button type="button" data-action="keep" aria-pressed="false" { "Keep" }
            select aria-label={ "Other label for " (name) } {
                option value="" { "Other label" }
                @for label in 0..10 { option value=(label) { "Relabel to " (label) } }
            }
        }
    }
}
