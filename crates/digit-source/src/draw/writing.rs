//! One drawing of a digit by a writer: from the form's knots to the trail of the pen.

use digit_forms::{HEIGHT, Point, Stroke, WIDTH, curve};

use super::point::{Dab, Linear};
use super::random::Stream;

use super::writer::Writer;

/// Distance between points of a trail, in hundredths of a digit's height.
const STEP: f64 = 1.0;

/// The trails of a digit's strokes, in hundredths of a digit's height. `broader` is a factor on the pen's breadth and
/// `turn_rad` turns the digit clockwise beyond what the writer does.
pub(super) fn write(writer: &Writer, digit: u8, broader: f64, turn_rad: f64, drawing: &mut Stream) -> Vec<Vec<Dab>> {
    let (form_index, form) = writer.form(digit, drawing);
    // The same for every drawing of this form by this writer.
    let habits = &mut Stream::new("habit", &[u64::from(writer.number), u64::from(digit), form_index as u64]);
    let bend = Bend::of(writer, habits, drawing);
    let place = Linear::new(
        writer.width * (1.0 + habits.normal(0.14) + drawing.normal(0.015 + 0.02 * writer.carelessness)),
        writer.slant_rad + habits.normal(0.05) + drawing.normal(0.02 + 0.015 * writer.carelessness),
        writer.turn_rad + turn_rad + drawing.normal(0.015 + 0.012 * writer.carelessness),
    );
    let breadth = broader * (1.0 + drawing.normal(0.06));
    form.strokes
        .iter()
        .enumerate()
        .map(|(index, stroke)| {
            let mut line = trail(writer, stroke, habits, drawing);
            if index > 0 {
                let miss = Point { x: drawing.normal(writer.gap), y: drawing.normal(writer.gap) };
                line.iter_mut().for_each(|point| *point = *point + miss);
            }
            tremble(&mut line, writer, drawing);
            line.iter_mut().for_each(|point| *point = place.apply(bend.apply(*point)));
            writer.pen.mark(&curve::resample(&line, STEP), breadth, drawing)
        })
        .collect()
}

/// The line of a stroke: its knots moved by habit and by chance, a curve through them, corners rounded off, ends
/// lengthened or cut.
fn trail(writer: &Writer, stroke: Stroke, habits: &mut Stream, drawing: &mut Stream) -> Vec<Point> {
    let mut knots: Vec<Point> = Vec::with_capacity(stroke.len());
    for (index, &(x, y)) in stroke.iter().enumerate() {
        let moved = if index > 0 && stroke[index - 1] == (x, y) {
            // The second half of a corner moves with the first.
            knots.last().copied().unwrap_or_default()
        } else {
            let away = |std: f64, stream: &mut Stream| Point { x: stream.normal(std), y: stream.normal(std) };
            let at = Point { x: f64::from(x), y: f64::from(y) };
            at + away(writer.habit, habits) + away(writer.carelessness, drawing)
        };
        knots.push(moved);
    }
    let line = curve::resample(&curve::through(&knots, STEP), STEP);
    let mut line = curve::round_off(&line, (writer.roundness / STEP) as usize);
    let stray = 0.6 + 0.5 * writer.carelessness;
    curve::stretch_end(&mut line, writer.overshoot[1] + drawing.normal(stray), STEP);
    line.reverse();
    curve::stretch_end(&mut line, writer.overshoot[0] + drawing.normal(stray), STEP);
    line.reverse();
    line
}

/// Moves points to and fro by three waves of unlike length.
fn tremble(line: &mut [Point], writer: &Writer, drawing: &mut Stream) {
    let amplitude = writer.tremor * (0.7 + 0.6 * drawing.unit());
    let waves: [(f64, f64, f64); 3] = std::array::from_fn(|_| {
        let length = writer.tremor_wave * drawing.factor_between(0.6, 1.7);
        (2.0 * std::f64::consts::PI / length, drawing.between(0.0, 6.3), drawing.between(0.0, 6.3))
    });
    for (index, point) in line.iter_mut().enumerate() {
        let along = index as f64 * STEP;
        for (pace, x_phase, y_phase) in waves {
            point.x += amplitude * libm::sin(pace * along + x_phase);
            point.y += amplitude * libm::sin(pace * 0.83 * along + y_phase);
        }
    }
}

/// A smooth change of the whole box: the middle moves up or down, upright strokes are bowed, one side or one end is
/// wider, and a slow wave runs through it.
struct Bend {
    waist: f64,
    bow: f64,
    lopsided: f64,
    tapered: f64,
    sway: [Wave; 2],
}

/// A displacement in units of the box.
struct Wave {
    amplitude: f64,
    turns: f64,
    phase: f64,
}

impl Wave {
    fn of(habits: &mut Stream) -> Self {
        Self { amplitude: habits.normal(0.035), turns: habits.between(0.5, 1.1), phase: habits.unit() }
    }

    fn at(&self, place: f64) -> f64 {
        self.amplitude * libm::sin(2.0 * std::f64::consts::PI * (self.turns * place + self.phase))
    }
}

impl Bend {
    fn of(writer: &Writer, habits: &mut Stream, drawing: &mut Stream) -> Self {
        Self {
            waist: (writer.waist + habits.normal(0.16) + drawing.normal(0.04)).clamp(-0.5, 0.6),
            bow: writer.bow + habits.normal(1.2) + drawing.normal(0.6),
            lopsided: (habits.normal(0.12) + drawing.normal(0.03)).clamp(-0.35, 0.35),
            tapered: (habits.normal(0.2) + drawing.normal(0.04)).clamp(-0.5, 0.5),
            sway: [Wave::of(habits), Wave::of(habits)],
        }
    }

    /// Every part is so small beside the box that nothing folds over.
    fn apply(&self, p: Point) -> Point {
        let (x, y) = (p.x / WIDTH, p.y / HEIGHT);
        let bowed = 4.0 * self.bow * y * (1.0 - y);
        let x = x + self.lopsided * x * (1.0 - x);
        let x = 0.5 + (x - 0.5) * (1.0 + self.tapered * (2.0 * y - 1.0));
        let y = y + self.waist * y * (1.0 - y);
        let (x, y) = (x + self.sway[0].at(y) * HEIGHT / WIDTH, y + self.sway[1].at(x));
        Point { x: x * WIDTH + bowed, y: y * HEIGHT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trails_are_whole_and_near_their_box() {
        for number in 0..60 {
            let writer = Writer::new(number);
            for digit in 0..10 {
                let strokes = write(&writer, digit, 1.0, 0.0, &mut Stream::new("test", &[u64::from(number)]));
                assert!(!strokes.is_empty());
                for dab in strokes.iter().flatten() {
                    assert!(dab.radius > 0.5 && dab.radius < 12.0, "{digit} by {number}: {dab:?}");
                    assert!((-80.0..160.0).contains(&dab.centre.x), "{digit} by {number}: {dab:?}");
                    assert!((-30.0..130.0).contains(&dab.centre.y), "{digit} by {number}: {dab:?}");
                }
                for stroke in &strokes {
                    assert!(stroke.len() > 5, "{digit} by {number}");
                    let steps = stroke.windows(2).map(|pair| (pair[1].centre - pair[0].centre).length());
                    assert!(steps.fold(0.0, f64::max) <= STEP + 1e-9, "{digit} by {number}");
                }
            }
        }
    }

    #[test]
    fn drawings_of_a_writer_differ() {
        let writer = Writer::new(3);
        let first = write(&writer, 5, 1.0, 0.0, &mut Stream::new("test", &[1]));
        let second = write(&writer, 5, 1.0, 0.0, &mut Stream::new("test", &[2]));
        assert_ne!(first, second);
    }
}
