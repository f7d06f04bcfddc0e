//! When the labels of a folder are not certain, and what to say then.

use std::path::Path;

use stage_cli::counted;
use stage_files::refuse;
use stage_files::rejected::Rejected;

use super::Inspection;

/// Examples in a message.
const SHOWN: usize = 3;
/// One file in so many may be without a label; if there are more, the layout is not understood.
const ONE_IN: u64 = 4;

impl Inspection {
    /// Whether many labels are not known or could be others.
    pub(super) fn is_doubtful(&self) -> bool {
        let without = self.rejected.len() as u64;
        let is_said = self.labels_in.is_some() && self.files() > 0;
        !is_said && (self.other_digit.is_some() || without * ONE_IN > without + self.files())
    }

    /// Refuses a folder whose labels are not certain.
    ///
    /// # Errors
    /// A refusal that says what was expected, what was found with some names, and what to do.
    pub fn check(&self, source: &Path) -> anyhow::Result<()> {
        if !self.is_doubtful() {
            return Ok(());
        }
        let (shown, without) = (source.display(), self.rejected.len() as u64);
        let remedy = self.remedy(source);
        if let Some(name) = &self.other_digit {
            refuse!(
                "{shown}: expected one digit for each picture, found two: {name} lies in a folder named by a digit and \
                 begins with another, as most names here do; the folders could be writers; {remedy}"
            );
        }
        if self.files() == 0 && self.readings.iter().all(|(_, pictures)| *pictures == 0) {
            refuse!(
                "{shown}: expected pictures whose folder or name says the digit, such as 3/x.png, kim/3/x.png or \
                 3_x.png; found {} that {} not: {}; {remedy}",
                counted(without, "file"),
                if without == 1 { "does" } else { "do" },
                self.names()
            );
        }
        let layouts: Vec<String> =
            self.by_layout.iter().map(|(layout, pictures)| format!("{layout} ({pictures})")).collect();
        let others =
            if layouts.is_empty() { String::new() } else { format!("; the others are {}", layouts.join(", ")) };
        let first = self.rejected.first().map_or("", |entry| entry.reason.as_str());
        refuse!(
            "{shown}: expected all pictures to say their digit in one way, found {} of {} that do not, such as {} \
             ({first}){others}; {remedy}",
            without,
            counted(without + self.files(), "file"),
            self.names()
        );
    }

    /// The options that find labels, each with how many it finds; or how to sort the pictures into folders.
    fn remedy(&self, source: &Path) -> String {
        let useful = self.readings.iter().filter(|(_, pictures)| *pictures > 0);
        let options: Vec<String> = useful
            .map(|(layout, pictures)| {
                let place = layout.as_str();
                format!("give --layout {place} to take the digit from the {place} ({})", counted(*pictures, "picture"))
            })
            .collect();
        if !options.is_empty() {
            return options.join(", or ");
        }
        if let Some(Rejected { source, reason }) = &self.unread {
            return format!("{source}: {reason}");
        }
        format!(
            "put the pictures of each digit into a folder named by it, such as {}, and give {} again",
            source.join("3").display(),
            source.display()
        )
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.rejected.iter().take(SHOWN).map(|entry| entry.source.as_str()).collect();
        names.join(", ")
    }
}
