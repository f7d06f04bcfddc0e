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
use stage_page::{Lang, document};

use crate::finding::{Finding, Findings, Kind};
use crate::pictures::Pictures;
use crate::words::kinds::{about, title};
use crate::words::notes::note as note_in_words;
use crate::words::reasons::reason;
use crate::words::{name, page as words};

pub(crate) use rejected::RejectedPictures;

/// Name of the file.
pub(crate) const PAGE_FILE: &str = "findings.html";
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");
/// Pictures of a group that are shown.
const MOST_OF_GROUP: usize = 12;

/// The whole page. `shown` findings of each kind are on it; `digest` tells one set of pictures from another.
pub(crate) fn page(
    pictures: &Pictures,
    findings: &Findings,
    rejected: &RejectedPictures,
    shown: usize,
    digest: &str,
    lang: Lang,
) -> String {
    let sections = sections(findings, shown);
    let decidable = Decidable::of(&sections);
    let heading = words::title(lang, &pictures.name);
    let body = html! {
        header {
            h1 { (printable(&heading)) }
            p { (summary(lang, pictures, findings)) }
            @for &note in &findings.notes { p { (note_in_words(lang, note)) } }
            (contents(lang, &sections, rejected.count()))
            (keys(lang))
        }
        @if !decidable.rows.is_empty() { (bar(lang)) }
        main {
            @for section in &sections { (section_markup(lang, pictures, section, &decidable)) }
            @if rejected.count() > 0 { (rejected.markup(lang)) }
            (overview::overview(lang, pictures))
        }
        script type="application/json" id="data" { (PreEscaped(data(lang, pictures, &decidable, digest))) }
        script { (PreEscaped(SCRIPT)) }
    };
    document(lang, &printable(&heading), &html! { style { (PreEscaped(STYLE)) } }, &body)
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
fn data(lang: Lang, pictures: &Pictures, decidable: &Decidable, digest: &str) -> String {
    let picture = |&row: &u32| {
        let item = &pictures.items[row as usize];
        json!([item.picture, item.source, item.row.map_or_else(String::new, |row| row.to_string()), item.label])
    };
    let rows: Vec<serde_json::Value> = decidable.rows.iter().map(picture).collect();
    let data = json!({
        "key": format!("digit-doctor:{digest}"),
        "file": FIXES_FILE,
        "columns": FIXES_COLUMNS,
        "pictures": rows,
        "words": words::of_script(lang),
    });
    json_in_script(&data.to_string())
}

fn summary(lang: Lang, pictures: &Pictures, findings: &Findings) -> String {
    words::summary(lang, pictures.own, pictures.len() - pictures.own, findings.list.len())
}

fn contents(lang: Lang, sections: &[Section<'_>], rejected: usize) -> Markup {
    html! {
        @if sections.is_empty() { p { (words::nothing_found(lang)) } }
        nav aria-label=(words::parts(lang)) {
            ul {
                @for section in sections {
                    li { a href={ "#" (section.kind.word()) } { (title(lang, section.kind)) } " " span.n { (section.count) } }
                }
                @if rejected > 0 {
                    li { a href="#rejected" { (words::rejected(lang)) } " " span.n { (rejected) } }
                }
                li { a href="#overview" { (words::overview(lang)) } }
            }
        }
    }
}

fn keys(lang: Lang) -> Markup {
    html! {
        details { summary { (words::keys(lang)) }
            dl { @for (key, what) in words::key_list(lang) { div { dt { kbd { (key) } } dd { (what) } } } }
        }
    }
}

fn bar(lang: Lang) -> Markup {
    html! {
        div.bar role="region" aria-label=(words::decisions(lang)) {
            p #count role="status" { (words::nothing_decided(lang)) }
            button #next type="button" { (words::next_undecided(lang)) }
            button #reset type="button" { (words::forget_all(lang)) }
            button #save.main type="button" { (words::save(lang)) }
        }
        noscript { p { (words::without_script(lang)) } }
    }
}

fn section_markup(lang: Lang, pictures: &Pictures, section: &Section<'_>, decidable: &Decidable) -> Markup {
    let more = section.count - section.shown.len();
    html! {
        section aria-labelledby=(section.kind.word()) {
            h2 id=(section.kind.word()) { (title(lang, section.kind)) " " span.n { (section.count) } }
            p { (about(lang, section.kind)) }
            div.cards {
                @for (number, finding) in &section.shown { (card(lang, pictures, *number, finding, decidable)) }
            }
            @if more > 0 { p { (words::more_findings(lang, more)) } }
        }
    }
}

fn card(lang: Lang, pictures: &Pictures, number: usize, finding: &Finding, decidable: &Decidable) -> Markup {
    let places = if is_decided(finding.kind) { decidable.places(finding) } else { String::new() };
    let heading = match finding.of.as_slice() {
        [] => words::finding(lang, number),
        [one] => name(lang, &pictures.items[*one as usize].name()),
        several => crate::words::pictures(lang, several.len()),
    };
    let heading = printable(&heading);
    let shown = finding.of.iter().take(MOST_OF_GROUP);
    let suggested = finding.suggested.map(|label| label.to_string());
    html! {
        article.card id={ "finding-" (number) } tabindex="-1" aria-labelledby={ "name-" (number) }
            data-of=[(!places.is_empty()).then_some(&places)] data-suggested=[suggested.as_ref()] {
            div.pair {
                @for &row in shown { (figure(lang, pictures, row, false)) }
                @if let Some(other) = finding.other { (figure(lang, pictures, other, true)) }
            }
            h3 id={ "name-" (number) } { span.n { (number) } " " (heading) }
            p.reason { (printable(&reason(lang, &finding.reason))) }
            @if !places.is_empty() { (buttons(lang, &heading, finding.suggested)) }
        }
    }
}

fn figure(lang: Lang, pictures: &Pictures, row: u32, is_beside: bool) -> Markup {
    let item = &pictures.items[row as usize];
    let picture = pictures.picture(row as usize);
    let alt = printable(&words::labelled(lang, &name(lang, &item.name()), item.label));
    let height = 80 * picture.height_px() / picture.width_px.max(1);
    html! {
        figure class=[is_beside.then_some("beside")] title=(alt) {
            @if let Some(source) = picture.data_uri() {
                img src=(source) alt=(alt) width="80" height=(height) loading="lazy";
            }
            figcaption { @if is_beside { (words::beside(lang)) } (item.label) }
        }
    }
}

fn buttons(lang: Lang, name: &str, suggested: Option<u8>) -> Markup {
    html! {
        div.buttons role="group" aria-label=(words::decide_about(lang, name)) {
            @if let Some(label) = suggested {
                button type="button" data-action="relabel" data-label=(label) aria-pressed="false" {
                    (words::relabel_to(lang, label))
                }
            }
            button type="button" data-action="drop" aria-pressed="false" { (words::drop(lang)) }
            button type="button" data-action="keep" aria-pressed="false" { (words::keep(lang)) }
            select aria-label=(words::other_label_for(lang, name)) {
                option value="" { (words::other_label(lang)) }
                @for label in 0..10 { option value=(label) { (words::relabel_to(lang, label)) } }
            }
        }
    }
}
