//! Doubtful pictures: ink that reaches the border may be a shadow, the table under the sheet, or the gaps between
//! strokes of the other kind.
//!
//! Shadows and tables are broader than strokes, so a smaller window takes them for paper. But it takes broad strokes
//! for paper, too. So several windows and both kinds of ink are tried, and each is judged by what it finds.

use crate::preprocess::ops::histogram::histogram;
use crate::raster::{GrayPicture, RgbPicture};

use super::candidates::{Candidate, Channel};
use super::contrast;
use super::stroke_test::{StrokeTest, Whose};

/// Windows are at least this large, so that a tiny picture is seen as a whole.
const SMALLEST_WINDOW_PX: f64 = 16.0;
/// How often the window is halved.
const HALVINGS: u32 = 3;
/// How often what surrounds the digit is looked for anew when some of it is gone.
const MOST_LAYERS: usize = 3;

/// A digit is bounded by at least this share of the edges that bound all ink and what was taken for it. With less, what
/// a small window leaves of a digit that touches the border might pass.
const LEAST_EDGES: f64 = 0.3;

/// Ink of the other kind is less than so many times as thick as what was found first.
const MUCH_THICKER: f64 = 2.0;

/// A picture in which ink is looked for.
pub(super) struct Scene {
    /// Its channels, the light made even.
    pub channels: Vec<Channel>,
    /// Its shorter side.
    pub shorter_px: u32,
    /// The least difference of ink from paper.
    pub least: f64,
}

impl Scene {
    /// The radius of a window given as share of the shorter side.
    pub(super) fn radius_px(&self, window: f64) -> usize {
        ((window * f64::from(self.shorter_px)).max(SMALLEST_WINDOW_PX) / 2.0).ceil() as usize
    }

    /// A better picture than the usual one, dark on white; `None` if the usual one is right, or nothing better is
    /// found.
    pub(super) fn better(
        &self,
        window: f64,
        polarity: &str,
        picture: &RgbPicture,
        usual: &Candidate,
        amounts: GrayPicture,
    ) -> Option<GrayPicture> {
        let own = TestedCandidate::of(self, &self.channels, usual, amounts)?;
        let least_edges = (LEAST_EDGES * own.judgement.edges() as f64) as u64;
        if own.judgement.is_bounded() {
            // What is thicker than the digit's strokes may be a table; if all are strokes, they stay.
            let digit = own.judgement.digit()?;
            if !own.judgement.kept(&digit, Whose::Thicker).contains(&false) {
                return None;
            }
            return own.cleared(Whose::Thicker, least_edges).map(|cleared| cleared.picture);
        }
        let mut kinds = vec![usual.light.clone()];
        if polarity == "auto" {
            let may_be_light = self.channels.iter().all(Channel::may_have_light_ink);
            let others = [false, true].map(|light| vec![light; usual.light.len()]);
            kinds.extend(others.into_iter().filter(|kind| *kind != usual.light && (may_be_light || !kind[0])));
        }
        // Much thicker ink of the other kind would be the gaps between strokes, such as the cells of squared paper.
        let usual_px = own.judgement.ink_px();
        if let Some(cleared) = own.cleared(Whose::Thicker, least_edges) {
            return Some(cleared.picture);
        }
        let channels = Channel::all_in_their_light(picture);
        let mut best: Option<Cleared> = None;
        for kind in &kinds {
            // The largest window that does: smaller ones nibble at broad strokes.
            let found = (1..=HALVINGS).find_map(|halving| {
                let radius_px = self.radius_px(window / f64::from(1 << halving));
                let found = Candidate::in_any_light(&channels, radius_px, kind);
                let amounts = found.along_the_ink();
                let cleared = TestedCandidate::of(self, &channels, &found, amounts)?.cleared(Whose::All, least_edges);
                cleared.filter(|cleared| *kind == usual.light || cleared.stroke_px < MUCH_THICKER * usual_px)
            });
            if let Some(found) = found
                && best.as_ref().is_none_or(|best| found.slimness > best.slimness)
            {
                best = Some(found);
            }
        }
        best.map(|best| best.picture)
    }
}

/// What one window finds.
struct TestedCandidate {
    least: f64,
    strength: GrayPicture,
    original: GrayPicture,
    amounts: GrayPicture,
    judgement: StrokeTest,
}

/// A digit without what surrounded it.
struct Cleared {
    /// How slim its strokes are.
    slimness: f64,
    stroke_px: f64,
    picture: GrayPicture,
}

impl TestedCandidate {
    fn of(scene: &Scene, channels: &[Channel], found: &Candidate, amounts: GrayPicture) -> Option<Self> {
        let (strength, original) = (found.strength(), found.original(channels));
        let judgement = StrokeTest::of(&contrast::stretch(&amounts, scene.least).ok()?, &strength, &original);
        Some(Self { least: scene.least, strength, original, amounts, judgement })
    }

    /// The digit without what surrounds it; `None` unless strokes alone remain. What was faint beside a dark
    /// table stands out when the table is gone, and may have to go, too.
    fn cleared(mut self, whose: Whose, least_edges: u64) -> Option<Cleared> {
        let mut gone = vec![false; self.amounts.pixels.len()];
        for _ in 0..MOST_LAYERS {
            let digit = self.judgement.digit()?;
            let keep = self.judgement.kept(&digit, whose);
            self.judgement.blank(&keep, &mut self.amounts, &mut gone);
            let seen = self.amounts.pixels.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(&amount, _)| amount);
            let picture = contrast::stretch_as(&self.amounts, &histogram(seen), self.least).ok()?;
            self.judgement = StrokeTest::of(&picture, &self.strength, &self.original);
            let digit = self.judgement.digit()?;
            if !self.judgement.kept(&digit, whose).contains(&false) {
                let holds = self.judgement.is_bounded()
                    && self.judgement.edges() >= least_edges
                    && !self.judgement.is_hollow(&digit, &picture, &self.original);
                return holds.then(|| Cleared {
                    slimness: self.judgement.slimness(&digit),
                    stroke_px: self.judgement.stroke_px(&digit),
                    picture,
                });
            }
        }
        None
    }
}
