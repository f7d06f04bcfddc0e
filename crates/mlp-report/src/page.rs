//! The page: one file that opens offline, prints, and reads well aloud, in light and dark.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stage_files::run::Outcome;

use crate::escape::printable;
use crate::run_report::{LeftOut, RunReport, overlay};
use crate::tables::{HEADINGS, cells};

/// Runs whose details are open when the page opens.
const OPEN_RUNS: usize = 4;
/// Runs that one overlaid chart can carry before its lines cannot be told apart.
const OVERLAID_RUNS: usize = 6;

const STYLE: &str = "
:root{color-scheme:light dark;--rule:#8884;--soft:#8882}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.2rem}h3{font-size:1.05rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:1rem 0}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{padding:.25rem .7rem;border-bottom:1px solid var(--rule);text-align:right}
th:first-child,td:first-child{text-align:left}thead th{border-bottom-width:2px;font-weight:600}
.wide{overflow-x:auto}.charts{display:flex;flex-wrap:wrap;gap:1rem}
.charts svg{width:100%;max-width:40rem;height:auto}.charts svg.small{max-width:26rem}
details{border-top:1px solid var(--rule);padding:.6rem 0}summary{cursor:pointer;font-weight:600}
.note{background:var(--soft);padding:.6rem .9rem;border-left:4px solid #d55e00}
@media print{body{max-width:none;margin:0;font-size:11pt}details{break-inside:avoid}svg{break-inside:avoid}}
";

/// The whole page.
pub fn page(runs: &[RunReport], left_out: &[LeftOut]) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Report on " (runs.len()) " training runs" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "Training report" }
                    p { (opening(runs)) }
                    @if !left_out.is_empty() { (left_out_note(left_out)) }
                    h2 { "All runs" }
                    (run_table(runs))
                    @if runs.len() > 1 && runs.len() <= OVERLAID_RUNS {
                        div class="charts" { (PreEscaped(overlay(runs))) }
                    }
                    h2 { "Run by run" }
                    @for (i, run) in runs.iter().enumerate() { (details(run, i < OPEN_RUNS)) }
                }
            }
        }
    }
    .into_string()
}

fn opening(runs: &[RunReport]) -> String {
    let best = runs
        .iter()
        .filter_map(|run| Some((run, run.summary.test_accuracy?)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.name.cmp(&a.0.name)));
    let count = match runs.len() {
        0 => "No run.".to_owned(),
        1 => "One run.".to_owned(),
        n => format!("{n} runs."),
    };
    match best {
        Some((run, accuracy)) => format!(
            "{count} The highest test accuracy is {accuracy:.3}, of {}, on {} test rows. Look at the intervals before \
             calling one run better than another.",
            printable(&run.name),
            run.summary.test_rows
        ),
        None if runs.is_empty() => "No run could be used.".to_owned(),
        None => format!("{count} None of them learned: all diverged."),
    }
}

fn left_out_note(left_out: &[LeftOut]) -> Markup {
    html! {
        div class="note" {
            p { "Left out: " (left_out.len()) " run folders that cannot be used." }
            ul { @for run in left_out { li { (printable(&run.name)) ": " (printable(&run.reason)) } } }
        }
    }
}

fn run_table(runs: &[RunReport]) -> Markup {
    html! {
        div class="wide" {
            table {
                caption { "Last epoch of each run; the interval is Wilson's, 95 %" }
                thead { tr { @for heading in HEADINGS { th scope="col" { (heading) } } } }
                tbody {
                    @for run in runs {
                        tr { @for cell in cells(&run.name, &run.summary) { td { (printable(&cell)) } } }
                    }
                }
            }
        }
    }
}

fn details(run: &RunReport, open: bool) -> Markup {
    let s = &run.summary;
    html! {
        details open[open] {
            summary { (printable(&run.name)) }
            p {
                "Data " (s.data) ", labels " (s.labels) ", activation "
                (if s.activation.is_empty() { "none".to_owned() } else { s.activation.join(", ") })
                ", " (s.parameters) " parameters, seed " (s.seed) "."
            }
            @if let Outcome::Diverged { epoch, learning_rate, .. } = &s.outcome {
                p class="note" {
                    "Diverged in epoch " (epoch) " at learning rate " (learning_rate)
                    ": loss or weights were no longer finite. A smaller learning rate or another scale may help."
                }
            }
            @if let Some((pictures, rejected)) = upstream(run) {
                p { (pictures) " rows in the data set; " (rejected) " inputs were rejected on the way." }
            }
            div class="charts" {
                @if !run.metrics.is_empty() {
                    (PreEscaped(run.loss_chart()))
                    (PreEscaped(run.accuracy_chart()))
                }
                @if let Some(chart) = run.confusion_chart() {
                    (PreEscaped(chart.replacen("<svg ", "<svg class=\"small\" ", 1)))
                }
            }
            (class_table(run))
        }
    }
}

/// Rows of the data set and inputs rejected, when the run's stage information tells.
fn upstream(run: &RunReport) -> Option<(u64, u64)> {
    let rows = run.summary.train_rows + run.summary.test_rows;
    run.stage.counts.get("rejected").map(|rejected| (rows, *rejected))
}

fn class_table(run: &RunReport) -> Markup {
    let Some(confusion) = &run.confusion else { return html! {} };
    let share = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let mistakes = confusion.mistakes(5);
    let labels = confusion.labels();
    html! {
        div class="wide" {
            table {
                caption { "Test rows by digit: what the network said" }
                thead {
                    tr {
                        th scope="col" { "shows" }
                        @for label in labels { th scope="col" { "said " (label) } }
                        th scope="col" { "rows" }
                        th scope="col" { "precision" }
                        th scope="col" { "recall" }
                    }
                }
                tbody {
                    @for (i, score) in confusion.scores().iter().enumerate() {
                        tr {
                            th scope="row" { (score.label) }
                            @for j in 0..labels.len() { td { (confusion.at(i, j)) } }
                            td { (score.rows) }
                            td { (share(score.precision)) }
                            td { (share(score.recall)) }
                        }
                    }
                }
            }
        }
        @if !mistakes.is_empty() {
            p {
                "Most confused: "
                @for (i, (label, predicted, count)) in mistakes.iter().enumerate() {
                    @if i > 0 { ", " }
                    (label) " taken for " (predicted) " (" (count) ")"
                }
                "."
            }
        }
    }
}
