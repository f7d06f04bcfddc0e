//! What networks say of pictures.

/// The probabilities of each class for each of the own pictures.
#[derive(Clone, Debug)]
pub(crate) struct Probabilities {
    /// (N, classes).
    values: Vec<f32>,
    classes: usize,
    /// Whether something is said of a picture, length N.
    pub(crate) judged: Vec<bool>,
}

impl Probabilities {
    /// Of so many pictures, of which nothing is said so far.
    pub(crate) fn none(pictures: usize, classes: usize) -> Self {
        Self { values: vec![0.0; pictures * classes], classes, judged: vec![false; pictures] }
    }

    /// Says something of a picture.
    pub(crate) fn say(&mut self, at: usize, probabilities: &[f32]) {
        self.values[at * self.classes..][..self.classes].copy_from_slice(probabilities);
        self.judged[at] = true;
    }

    /// The probabilities of a picture (classes); zeros where nothing is said.
    pub(crate) fn of(&self, at: usize) -> &[f32] {
        &self.values[at * self.classes..][..self.classes]
    }

    pub(crate) fn len(&self) -> usize {
        self.judged.len()
    }

    pub(crate) fn classes(&self) -> usize {
        self.classes
    }

    /// The most probable class of a picture, the first of several.
    pub(crate) fn predicted(&self, at: usize) -> u8 {
        let of = self.of(at);
        (0..of.len()).fold(0, |best, class| if of[class] > of[best] { class } else { best }) as u8
    }

    #[cfg(test)]
    pub(crate) fn given(values: Vec<f32>, classes: usize) -> Self {
        let judged = vec![true; values.len() / classes];
        Self { values, classes, judged }
    }
}
