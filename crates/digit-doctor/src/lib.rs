//! Looks for what is wrong with a data set: copies, likely wrong labels, labels out of order, odd pictures, too few
//! pictures. Writes `findings.csv` and a page on which a person decides about each finding and saves `fixes.csv`, which
//! `digit-labeler` and `digit-csv` apply.
//!
//! | module | finds |
//! |---|---|
//! | `copies` | pictures that are there twice: to the pixel, or shifted, brighter, saved again |
//! | `out_of_fold`, `wrong_labels` | labels that networks that did not see them deny |
//! | `order` | a writer whose labels are all shifted, two labels swapped |
//! | `odd` | blank and cut pictures, outliers, pictures unlike the others of their writer |
//! | `few` | labels and writers with few pictures |
//!
//! What this crate must never do: change a picture or a label.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod cli;
mod copies;
mod descriptor;
mod examine;
mod few;
mod finding;
mod findings_csv;
mod ink;
mod input;
mod odd;
mod order;
mod out_of_fold;
mod page;
mod pictures;
mod run;
mod wrong_labels;
