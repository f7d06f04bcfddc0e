//! Pens: how broad their mark is along a stroke, and what colour and grain it has.

use digit_forms::Point;

use super::point::Dab;
use super::random::Stream;

/// What a digit is written with. Lengths are in hundredths of a digit's height.
#[derive(Clone, Debug)]
pub(super) struct Pen {
    /// Half the usual breadth of the mark.
    radius: f64,
    /// Change of breadth at the beginning and at the end of a stroke, as shares of it: negative is thinner.
    at_ends: [f64; 2],
    /// Over which length the breadth changes there.
    end_length: f64,
    /// Direction across which the nib is broad, and by which share of its breadth it is thinner along it.
    nib: (Point, f64),
    /// How unevenly it is pressed, as a share of the breadth.
    uneven: f64,
    /// The look of its ink.
    pub ink: Ink,
}

/// How a mark looks.
#[derive(Clone, Debug)]
pub(super) struct Ink {
    /// Red, green, blue, 0..=255.
    pub rgb: [f64; 3],
    /// Share of the light of the paper that a full mark takes away, 0..=1.
    pub cover: f64,
    /// How uneven the cover is from one pixel to the next, 0..=1.
    pub grain: f64,
    /// Width over which the edge fades, in pixels.
    pub edge_px: f64,
}

#[derive(Clone, Copy)]
enum Kind {
    Ballpoint,
    Gel,
    Pencil,
    Felt,
    Fountain,
}

impl Pen {
    /// Some pen.
    pub(super) fn pick(stream: &mut Stream) -> Self {
        let kinds =
            [(Kind::Ballpoint, 4.0), (Kind::Gel, 2.0), (Kind::Pencil, 1.5), (Kind::Felt, 1.7), (Kind::Fountain, 1.0)];
        let (kind, _) = kinds[stream.weighted(kinds.iter().map(|(_, weight)| *weight))];
        let (thinnest, broadest) = match kind {
            Kind::Ballpoint => (2.0, 3.6),
            Kind::Gel => (2.2, 4.2),
            Kind::Pencil => (2.0, 4.2),
            Kind::Felt => (3.6, 7.5),
            Kind::Fountain => (2.2, 4.6),
        };
        let nib_rad = stream.between(0.4, 1.1);
        Self {
            radius: stream.factor_between(thinnest, broadest),
            at_ends: [stream.between(-0.35, 0.15), stream.between(-0.5, 0.1)],
            end_length: stream.between(4.0, 18.0),
            nib: (
                Point { x: libm::cos(nib_rad), y: -libm::sin(nib_rad) },
                if matches!(kind, Kind::Fountain) { stream.between(0.2, 0.5) } else { stream.between(0.0, 0.1) },
            ),
            uneven: stream.between(0.02, 0.12),
            ink: Ink::of(kind, stream),
        }
    }

    /// The marks along a line whose points are about one unit apart. `broader` is a factor on the breadth.
    pub(super) fn mark(&self, line: &[Point], broader: f64, drawing: &mut Stream) -> Vec<Dab> {
        let last = line.len().saturating_sub(1);
        let (pace, phase) = (drawing.between(0.05, 0.2), drawing.between(0.0, 6.3));
        let pressure: [f64; 2] = std::array::from_fn(|end| self.at_ends[end] + drawing.normal(0.08));
        line.iter()
            .enumerate()
            .map(|(index, &centre)| {
                let direction = (line[(index + 2).min(last)] - line[index.saturating_sub(2)]).unit();
                let (nib, contrast) = self.nib;
                let along_nib = direction.x * nib.x + direction.y * nib.y;
                let near = |distance: usize| (1.0 - distance as f64 / self.end_length).max(0.0);
                let ends = pressure[0] * near(index) + pressure[1] * near(last - index);
                let swell = self.uneven * libm::sin(pace * index as f64 + phase);
                let share = (1.0 + ends) * (1.0 + swell) * (1.0 - contrast * along_nib * along_nib);
                Dab { centre, radius: self.radius * broader * share.max(0.4) }
            })
            .collect()
    }
}

impl Ink {
    fn of(kind: Kind, stream: &mut Stream) -> Self {
        let blue = stream.chance(match kind {
            Kind::Ballpoint => 0.65,
            Kind::Gel | Kind::Fountain => 0.5,
            Kind::Felt => 0.3,
            Kind::Pencil => 0.0,
        });
        let rgb = if blue {
            [stream.between(15.0, 75.0), stream.between(35.0, 100.0), stream.between(130.0, 215.0)]
        } else {
            let gray =
                if matches!(kind, Kind::Pencil) { stream.between(50.0, 95.0) } else { stream.between(8.0, 50.0) };
            [gray + stream.between(-6.0, 6.0), gray + stream.between(-4.0, 4.0), gray + stream.between(-6.0, 12.0)]
        };
        let (cover, grain) = match kind {
            Kind::Ballpoint => (stream.between(0.86, 0.98), stream.between(0.05, 0.22)),
            Kind::Gel => (stream.between(0.92, 1.0), stream.between(0.0, 0.08)),
            Kind::Pencil => (stream.between(0.82, 0.95), stream.between(0.15, 0.40)),
            Kind::Felt => (stream.between(0.88, 1.0), stream.between(0.0, 0.06)),
            Kind::Fountain => (stream.between(0.85, 0.98), stream.between(0.02, 0.10)),
        };
        Self { rgb, cover, grain, edge_px: stream.between(0.9, 1.8) }
    }

    /// Printer's ink: dark, even, of sharp edge.
    pub(super) fn printed(stream: &mut Stream) -> Self {
        let gray = stream.between(5.0, 60.0);
        Self { rgb: [gray; 3], cover: stream.between(0.92, 1.0), grain: stream.between(0.0, 0.05), edge_px: 1.0 }
    }

    /// The ink of some pen, for faces that imitate handwriting.
    pub(super) fn of_a_pen(stream: &mut Stream) -> Self {
        Pen::pick(stream).ink
    }
}
