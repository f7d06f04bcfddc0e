//! Looks for what is wrong with a data set: copies, likely wrong labels, labels out of order, odd pictures, too few
//! pictures. Writes `findings.csv` and a page on which a person decides about each finding and saves `fixes.csv`, which
//! `digit-labeler` and `digit-csv` apply.
//!
//! | module | finds |
//! |---|---|
//! | `copies` | pictures that are there twice: to the pixel, or shifted, resized, brighter, saved again |
//! | `out_of_fold`, `built_in`, `pool`, `wrong_labels` | labels that networks that did not see them deny |
//! | `order` | a writer whose labels are all shifted, two labels swapped |
//! | `cut` | digits that go on beyond the border |
//! | `odd` | blank pictures, outliers, pictures unlike the others of their writer |
//! | `few` | labels and writers with few pictures |
//!
//! What this crate must never do: change a picture or a label.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

mod built_in;
pub mod cli;
mod copies;
mod cut;
mod descriptor;
mod examine;
mod few;
mod finding;
mod findings_csv;
mod grid;
mod ink;
mod input;
mod odd;
mod order;
mod out_of_fold;
mod page;
mod pictures;
mod pool;
mod probabilities;
mod reason;
mod run;
mod shape;
mod words;
mod wrong_labels;
