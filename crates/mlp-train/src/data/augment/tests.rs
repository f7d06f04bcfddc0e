use super::*;
use std::fmt::Write;

const ALL: &str = r#"{"shift_px": 1.5, "rotate_deg": 12, "scale": 0.15, "shear": 0.2, "thickness": 0.5, "erase": 0.3,
    "elastic": {"sigma_px": 3, "alpha_px": 20}, "noise": 6}"#;

/// A 7 of dark ink on white, 12 x 10.
fn seven() -> Vec<u8> {
    let rows = [
        "............",
        "............",
        "..########..",
        ".......##...",
        "......##....",
        ".....##.....",
        "....##......",
        "....##......",
        "....##......",
        "............",
    ];
    rows.concat().chars().map(|c| if c == '#' { 20 } else { 255 }).collect()
}

/// The same as values.
fn plain() -> Vec<f32> {
    seven().into_iter().map(f32::from).collect()
}

/// One picture as a data set.
fn table(picture: &[u8]) -> ArrayView2<'_, u8> {
    ArrayView1::from(picture).insert_axis(ndarray::Axis(0))
}

fn augmenter(rule: &str, seed: u64) -> Augmenter {
    let canvas = Canvas { width_px: 12, height_px: 10 };
    Augmenter::new(&serde_json::from_str(rule).unwrap(), seed, Some(canvas), &table(&seven()), &[0]).unwrap()
}

fn augmented(rule: &str, seed: u64, epoch: u32, row: u32) -> Vec<f32> {
    let augmenter = augmenter(rule, seed);
    let (mut out, mut scratch) = (vec![f32::NAN; 120], augmenter.scratch());
    augmenter.augment(epoch, Pick { row, copy: 0 }, &ArrayView1::from(&seven()), &mut out, &mut scratch);
    out
}

#[test]
fn a_row_that_comes_again_is_another_picture() {
    let picks = Pick::all(&[3, 0, 3, 3, 1]);
    assert_eq!(
        picks.iter().map(|pick| (pick.row, pick.copy)).collect::<Vec<_>>(),
        [(3, 2), (0, 0), (3, 1), (3, 0), (1, 0)]
    );
    // An epoch that is gone on with has the pictures that it would have had.
    assert_eq!(Pick::all(&[3, 3, 1]), picks[2..]);
    assert_eq!(Pick::all(&[]), []);
    let augmenter = augmenter(r#"{"shift_px": 1.5}"#, 1);
    let of = |pick| {
        let (mut out, mut scratch) = (vec![f32::NAN; 120], augmenter.scratch());
        augmenter.augment(2, pick, &ArrayView1::from(&seven()), &mut out, &mut scratch);
        out
    };
    assert!(of(picks[0]) != of(picks[2]) && of(picks[2]) != of(picks[3]));
    assert_eq!(of(picks[3]), augmented(r#"{"shift_px": 1.5}"#, 1, 2, 3));
}

#[test]
fn nothing_asked_for_changes_nothing() {
    assert_eq!(augmented("{}", 1, 1, 0), plain());
    let zero = r#"{"shift_px": 0, "rotate_deg": 0, "scale": 0, "shear": 0, "thickness": 0, "erase": 0, "noise": 0,
        "elastic": {"sigma_px": 3, "alpha_px": 0}}"#;
    assert_eq!(augmented(zero, 1, 1, 0), plain());
}

#[test]
fn each_variation_alone_changes_the_picture_and_keeps_it_a_picture() {
    for rule in [
        r#"{"shift_px": 1.5}"#,
        r#"{"rotate_deg": 12}"#,
        r#"{"scale": 0.2}"#,
        r#"{"shear": 0.3}"#,
        r#"{"thickness": 0.6}"#,
        r#"{"erase": 0.6}"#,
        r#"{"noise": 10}"#,
        r#"{"elastic": {"sigma_px": 3, "alpha_px": 20}}"#,
        ALL,
    ] {
        let changed = (1..=8).filter(|&epoch| augmented(rule, 1, epoch, 0) != plain()).count();
        // A rectangle may lie where there is no ink.
        assert!(changed >= 4, "{rule}: {changed}");
        for epoch in 1..=8 {
            assert!(augmented(rule, 1, epoch, 0).iter().all(|v| (0.0..=255.0).contains(v)), "{rule}");
        }
    }
}

#[test]
fn a_variation_depends_on_seed_epoch_and_row_and_on_nothing_else() {
    let first = augmented(ALL, 1, 1, 0);
    for (seed, epoch, row) in [(2, 1, 0), (1, 2, 0), (1, 1, 1)] {
        assert_ne!(augmented(ALL, seed, epoch, row), first);
    }
    // Whatever was made before with the same room.
    let augmenter = augmenter(ALL, 1);
    let (mut out, mut scratch) = (vec![0.0; 120], augmenter.scratch());
    for row in [5, 3, 0] {
        augmenter.augment(1, Pick { row, copy: 0 }, &ArrayView1::from(&seven()), &mut out, &mut scratch);
    }
    assert_eq!(out, first);
}

/// Runs of all users depend on these bits: a change here is a change of every result with augmentation.
#[test]
fn the_bits_are_the_stored_ones() {
    let mut hex = String::new();
    for epoch in 1..=2 {
        let augmented = augmented(ALL, 1234, epoch, 7);
        for value in augmented.iter().filter(|v| (1.0..250.0).contains(*v)).step_by(5).take(6) {
            let _ = write!(hex, "{:08x} ", value.to_bits());
        }
    }
    assert_eq!(hex.trim_end(), STORED);
}

const STORED: &str = "4356e5d2 42ccf6e2 435d3d17 425d2094 4339ffcc 4229aaa0 436a1d50 4316ef00 4360d09c 43397f0f \
    431bfc95 \
                      43559d69";

#[test]
fn light_ink_on_dark_paper_is_varied_like_dark_on_light() {
    let light: Vec<u8> = seven().iter().map(|v| 255 - v).collect();
    let canvas = Some(Canvas { width_px: 12, height_px: 10 });
    let rule = serde_json::from_str(ALL).unwrap();
    let augmenter = Augmenter::new(&rule, 1, canvas, &table(&light), &[0]).unwrap();
    let (mut out, mut scratch) = (vec![0.0; 120], augmenter.scratch());
    augmenter.augment(1, Pick { row: 0, copy: 0 }, &ArrayView1::from(&light), &mut out, &mut scratch);
    let turned: Vec<f32> = out.iter().map(|v| 255.0 - v).collect();
    for (a, b) in turned.iter().zip(augmented(ALL, 1, 1, 0)) {
        assert!((a - b).abs() < 1e-3, "{a} {b}");
    }
}

#[test]
fn pictures_of_unknown_shape_or_too_small_are_refused() {
    let make = |rule: &str, canvas: Option<Canvas>, width: usize| {
        let pixels = vec![255; width];
        Augmenter::new(&serde_json::from_str(rule).unwrap(), 1, canvas, &table(&pixels), &[0])
    };
    let error = make("{}", None, 120).unwrap_err();
    assert!(error.to_string().contains("120 pixels are no square") && stage_files::is_refused(&error), "{error}");
    // A stage.json of other pictures is no help.
    make("{}", Some(Canvas { width_px: 20, height_px: 20 }), 120).unwrap_err();
    make("{}", None, 121).unwrap();
    let canvas = Some(Canvas { width_px: 12, height_px: 10 });
    let error = make(r#"{"shift_px": 10}"#, canvas, 120).unwrap_err();
    assert!(error.to_string().contains("less than the pictures' 12x10 pixels, found 10"), "{error}");
    make(r#"{"shift_px": 9.5}"#, canvas, 120).unwrap();
    // One pixel is a picture too.
    let one =
        make(r#"{"rotate_deg": 90, "thickness": 1, "erase": 1, "elastic": {"sigma_px": 9, "alpha_px": 9}}"#, None, 1);
    let (one, mut out) = (one.unwrap(), [f32::NAN]);
    one.augment(1, Pick { row: 1, copy: 0 }, &ArrayView1::from(&[7]), &mut out, &mut one.scratch());
    assert!((0.0..=255.0).contains(&out[0]));
}
