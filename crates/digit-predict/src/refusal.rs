//! Which predictions are refused: those whose confidence is below what was asked for get no label.

use stage_cli::counted;
use stage_files::answer::Answer;

/// A confidence on the command line, 0 to 1.
pub(crate) fn parse_share(text: &str) -> Result<f32, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("expected a number from 0 to 1, found `{text}`"))
}

/// How many pictures met which end.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) labelled: u64,
    pub(crate) refused: u64,
    pub(crate) unusable: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, answer: &Answer) {
        match answer {
            Answer::Label(_) => self.labelled += 1,
            Answer::Refused(_) => self.refused += 1,
            Answer::Unusable(_) => self.unusable += 1,
        }
    }

    pub(crate) fn sentence(&self, min_confidence: f32, passed_over: u64) -> String {
        let mut sentence = format!("digit-predict: {} labelled", counted(self.labelled, "picture"));
        if min_confidence > 0.0 {
            sentence = format!("{sentence}, {} refused below confidence {min_confidence}", self.refused);
        }
        format!("{sentence}, {} could not be used, {passed_over} passed over", self.unusable)
    }
}
