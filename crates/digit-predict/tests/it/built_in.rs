//! The built-in network: predictions without `--model`.

use digit_predict::Predictor;
use digit_source::draw::{DrawSettings, Size, plan, render};

use crate::{model, quarter, test};

/// Digits by writers who drew nothing that the built-in network was trained on: their numbers are far above.
fn held_back(count: u32) -> Vec<(u8, Vec<u8>)> {
    let mut settings = DrawSettings::new(count, vec![Size::Fills], "0-9".parse().unwrap(), 5);
    settings.writers = 1_000_000..1_000_000 + count / 10;
    settings.font_share = 0.0;
    let drawn = plan(&settings).into_iter();
    drawn.map(|spec| (spec.label, render(&spec, settings.seed).unwrap().to_png().unwrap())).collect()
}

#[test]
fn without_a_model_the_built_in_network_answers_and_says_so_once() {
    let test = test();
    for (label, png) in held_back(10) {
        test.write(&format!("scans/{label}.png"), png);
    }
    let ran = test.run("--json scans");
    ran.status(0).stderr_has(&[
        "digit-predict: built-in network: trained on drawn digits, labels 0-9, version 1; pictures are prepared by \
         standard and shrunk to 20x20; --model names another\n",
        "10 pictures labelled",
    ]);
    assert_eq!((ran.stderr.matches("built-in").count(), ran.stderr.matches("warning").count()), (1, 0), "{ran}");
    let lines = ran.json_lines();
    assert_eq!(lines[0]["probabilities"].as_object().unwrap().len(), 10);
    let right = (0..10).filter(|&at| lines[at]["label"] == at).count();
    assert!(right >= 9, "{ran}");
    let quiet = test.run("--quiet --json scans");
    assert!(quiet.status(0).stderr.is_empty() && quiet.stdout == ran.stdout, "{quiet}");
    test.run("--model model.safetensors scans/3.png")
        .status(0)
        .stderr_has(&["model.safetensors knows the digits 2,5,7,9"]);
    test.run("").status(2).stderr_has(&["no picture"]);
}

#[test]
fn drawn_digits_of_writers_held_back_are_read() {
    let predictor = Predictor::built_in().unwrap();
    let pictures = held_back(600);
    let (mut right, mut doubted) = (0, 0);
    for (label, png) in &pictures {
        let prediction = predictor.predict_bytes(png).unwrap();
        right += usize::from(prediction.label == *label);
        doubted += usize::from(prediction.confidence < 0.5);
    }
    assert!(right * 100 >= pictures.len() * 97, "{right} of {}", pictures.len());
    assert!(doubted * 100 <= pictures.len() * 8, "{doubted} of {} below confidence 0.5", pictures.len());
}

/// A blank sheet, a smear and noise are no digits.
#[test]
fn what_is_no_digit_has_low_confidence_or_none() {
    let predictor = Predictor::built_in().unwrap();
    let pgm = |pixel: &dyn Fn(usize, usize) -> u8| {
        let mut bytes = b"P5 100 100 255\n".to_vec();
        bytes.extend((0..100 * 100).map(|at| pixel(at % 100, at / 100)));
        bytes
    };
    let frame = |x: usize, y: usize| (20..80).contains(&x) && (20..80).contains(&y);
    let inside = |x: usize, y: usize| (28..72).contains(&x) && (28..72).contains(&y);
    let cross = |x: usize, y: usize| x.abs_diff(y) < 5 || (x + y).abs_diff(100) < 5;
    for (name, bytes) in [
        ("blank", pgm(&|_, _| 255)),
        ("a square", pgm(&|x, y| if frame(x, y) && !inside(x, y) { 20 } else { 250 })),
        ("a cross", pgm(&|x, y| if frame(x, y) && cross(x, y) { 20 } else { 250 })),
    ] {
        if let Ok(prediction) = predictor.predict_bytes(&bytes) {
            assert!(prediction.confidence < 0.5, "{name}: {prediction:?}");
        }
    }
}

/// A program without files, such as a page or a server, has the bytes of a model from elsewhere.
#[test]
fn a_predictor_comes_from_bytes() {
    let bytes = model().to_bytes().unwrap();
    assert_eq!(Predictor::from_bytes(&bytes).unwrap().predict_bytes(&quarter(40, 1)).unwrap().label, 5);
    let error = Predictor::from_bytes(&bytes[..bytes.len() - 3]).unwrap_err();
    assert!(error.to_string().contains("copy it again") && stage_files::is_refused(&error), "{error:#}");
    let half = Predictor::from_bytes(&model().to_half_bytes().unwrap()).unwrap();
    assert_eq!(half.predict_bytes(&quarter(40, 2)).unwrap().label, 7);
}
