//! Charts as SVG text. Colours come from classes, so one chart suits light and dark screens and paper. Lines differ by
//! dashes too, so no meaning depends on colour alone.

mod bars;
mod confusion;
mod lines;
mod reliability;
mod scale;
mod scatter;
mod svg;

pub use bars::{Histogram, histograms};
pub use confusion::confusion;
pub use lines::{Axis, Line, lines};
pub use reliability::reliability;
pub use scatter::{Against, Dot, scatter};
pub use svg::{Chart, SERIES, STYLE};
