//! The corners of marks, and OpenCV's of the same picture.
//!
//! `experiments/form/corners.py` draws `corners.png` with OpenCV, has OpenCV find the corners with its sub-pixel
//! refinement, and stores them beside the true ones.

use digit_form::read::marks;
use digit_image::decode::{DecodeOptions, decode_rgb};
use serde_json::Value;

/// As far as two ways to find a corner may differ, in pixels.
const MOST_OFF_PX: f64 = 0.35;

#[test]
fn corners_are_those_that_opencv_finds() {
    let picture = decode_rgb(include_bytes!("corners.png"), &DecodeOptions::default()).unwrap();
    let stored: Value = serde_json::from_str(include_str!("corners.json")).unwrap();
    let found = marks(&picture);
    let expected = stored["marks"].as_array().unwrap();
    assert_eq!(found.len(), expected.len());
    for mark in expected {
        let id = mark["id"].as_u64().unwrap();
        let own = found.iter().find(|own| u64::from(own.id) == id).unwrap_or_else(|| panic!("mark {id} is not found"));
        for kind in ["opencv", "true"] {
            for (own, other) in own.corners.iter().zip(mark[kind].as_array().unwrap()) {
                let (x, y) = (other[0].as_f64().unwrap(), other[1].as_f64().unwrap());
                let off = (own.0 - x).hypot(own.1 - y);
                assert!(off <= MOST_OFF_PX, "mark {id}, {kind}: {own:?} for {x}, {y}");
            }
        }
    }
}
