//! The digits to learn, and what to say about them before work starts.

use digit_labeler::inspect::Inspection;
use stage_cli::{Console, counted};
use stage_files::labels::LabelSet;
use stage_files::{refuse, refused};

/// With fewer pictures of a digit, it is left to chance whether any of them is tested.
const FEW: u64 = 5;

/// The label set: what was asked for, or what the pictures show. Drawn digits close gaps: between 1 and 5 there are
/// drawn digits of 3 even if there is no picture of one.
///
/// # Errors
/// A refusal when there are pictures of fewer than two of the digits.
pub(crate) fn label_set(
    found: &Inspection,
    asked: Option<&LabelSet>,
    has_drawn: bool,
    source: &str,
) -> anyhow::Result<LabelSet> {
    let with_pictures = found.labels()?;
    let labels = match asked {
        Some(asked) => asked.clone(),
        None if has_drawn => range(&with_pictures)?,
        None => with_pictures.clone(),
    };
    let known = with_pictures.as_slice().iter().filter(|digit| labels.class_of(**digit).is_some()).count();
    if known < 2 {
        let of_labels = asked.map_or(String::new(), |asked| format!(" of --labels {asked}"));
        refuse!(
            "{source}: expected pictures of two or more digits{of_labels}, found digits {with_pictures}; a network \
             learns to tell digits apart, so add pictures of another one"
        );
    }
    Ok(labels)
}

/// All digits from the smallest to the largest.
fn range(labels: &LabelSet) -> anyhow::Result<LabelSet> {
    let (Some(&first), Some(&last)) = (labels.as_slice().first(), labels.as_slice().last()) else {
        return Ok(labels.clone());
    };
    LabelSet::new((first..=last).collect()).map_err(refused)
}

/// Names the digits without a picture, and those with too few to be trained and tested.
pub(crate) fn warn(found: &Inspection, labels: &LabelSet, has_drawn: bool, console: &Console) {
    let of = |digit: u8| found.by_label.get(&digit).copied().unwrap_or(0);
    let mut missing: Vec<u8> = labels.as_slice().iter().copied().filter(|&digit| of(digit) == 0).collect();
    if !has_drawn {
        missing.extend(found.missing().into_iter().filter(|digit| labels.class_of(*digit).is_none()));
    }
    if !missing.is_empty() {
        let then = if has_drawn {
            "the network learns from drawn digits alone what it looks like, and no test shows how well"
        } else {
            "the network will take it for another digit"
        };
        console.warn(format!(
            "there is no picture of the {} {}: {then}",
            if missing.len() == 1 { "digit" } else { "digits" },
            listed(&missing)
        ));
    }
    let few: Vec<u8> = labels.as_slice().iter().copied().filter(|&digit| (1..FEW).contains(&of(digit))).collect();
    if !few.is_empty() {
        let counts: Vec<String> =
            few.iter().map(|&digit| format!("{} of {digit}", counted(of(digit), "picture"))).collect();
        console.warn(format!(
            "there {} only {}: too few to train on some and test on others, so the accuracy says little about {}; 20 \
             or more of each digit are a good start",
            if of(few[0]) == 1 { "is" } else { "are" },
            counts.join(", "),
            if few.len() == 1 { "it" } else { "them" }
        ));
    }
}

/// `3`, `3 and 5`, `3, 5 and 7`.
fn listed(digits: &[u8]) -> String {
    let digits: Vec<String> = digits.iter().map(u8::to_string).collect();
    match digits.split_last() {
        Some((last, before @ [_, ..])) => format!("{} and {last}", before.join(", ")),
        _ => digits.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_listed_as_in_a_sentence() {
        assert_eq!([listed(&[3]), listed(&[3, 5]), listed(&[3, 5, 7])], ["3", "3 and 5", "3, 5 and 7"]);
    }

    #[test]
    fn drawn_digits_close_gaps_between_labels() {
        assert_eq!(range(&"1,4".parse().unwrap()).unwrap().to_string(), "1-4");
    }
}
