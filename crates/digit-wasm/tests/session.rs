//! What a page does, in its order, natively: `web/test` does the same with the WebAssembly.

use digit_model::built_in::DRAWN;
use digit_page::Picture;
use digit_predict::Predictor;
use digit_wasm::{Session, exports};
use serde_json::Value;

/// A bar as a plain PGM: an upright one is a 1.
fn bar(side_px: usize, left_px: usize) -> Vec<u8> {
    let is_ink =
        |x: usize, y: usize| (left_px..left_px + side_px / 10).contains(&x) && (20..80).contains(&(y * 100 / side_px));
    let pixel = |at: usize| if is_ink(at % side_px, at / side_px) { "0 " } else { "255 " };
    let pixels: String = (0..side_px * side_px).map(pixel).collect();
    format!("P2 {side_px} {side_px} 255 {pixels}").into_bytes()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn answers_are_those_of_the_predictor() {
    let mut session = Session::default();
    assert!(session.predict(Picture::File(b"P2 1 1 255 0 ")).unwrap_err().to_string().contains("no model"));
    assert_eq!(json(&session.load(DRAWN.bytes).unwrap())["canvas"], "20x20");
    let predictor = Predictor::built_in().unwrap();
    let picture = bar(100, 45);
    let answer = json(&session.predict(Picture::File(&picture)).unwrap());
    let expected = predictor.predict_bytes(&picture).unwrap();
    assert_eq!((answer["label"].as_u64(), expected.label), (Some(1), 1));
    assert_eq!(answer["confidence"].as_f64().unwrap() as f32, expected.confidence);
    assert_eq!(session.prepare(Picture::File(&picture)).unwrap(), predictor.prepare(&picture).unwrap());
    let explained = json(&session.explain(Picture::File(&picture)).unwrap());
    assert_eq!(explained["answer"], answer);
    assert!(explained["stages"].as_array().unwrap().len() > 5 && explained["seen"].is_string());
    let empty = json(&session.predict(Picture::File(&bar(100, 200))).unwrap());
    assert!(empty["error"].as_str().unwrap().starts_with("no ink") && empty["label"].is_null(), "{empty}");
}

#[test]
fn collected_pictures_train_and_what_is_none_is_rejected() {
    let mut session = Session::default();
    session.load(DRAWN.bytes).unwrap();
    let add = |session: &mut Session, name: &str, bytes: &[u8]| {
        session.add_picture(&[name.as_bytes(), bytes].concat(), name.len()).unwrap();
    };
    add(&mut session, "kim/1/0001.pgm", &bar(100, 45));
    let alone = session.plan().unwrap_err().to_string();
    assert!(alone.contains("at least two digits"), "{alone}");
    for k in 2..6 {
        add(&mut session, &format!("kim/1/000{k}.pgm"), &bar(90 + k, 40));
        add(&mut session, &format!("kim/7/000{k}.pgm"), &bar(50 + k, 20));
    }
    add(&mut session, "kim/7/0009.pgm", b"no picture");
    let plan = json(&session.plan().unwrap());
    assert_eq!((&plan["rows"], &plan["labels"]), (&9.into(), &"1,7".into()));
    assert_eq!(plan["rejected"][0]["source"], "kim/7/0009.pgm");
    let mut config = plan["config"].clone();
    config["epochs"] = 2.into();
    let mut lines = Vec::new();
    let done = json(&session.train(config.to_string().as_bytes(), &mut |line| lines.push(json(line))).unwrap());
    assert_eq!((lines.len(), &lines[1]["epoch"], &lines[1]["epochs"]), (2, &2.into(), &2.into()));
    assert!(done["files"].as_array().unwrap().contains(&"model.safetensors".into()), "{done}");
    let model = session.file(b"model.safetensors").unwrap();
    assert_eq!(json(&session.load(&model).unwrap())["labels"], serde_json::json!([1, 7]));
    assert!(session.file(b"../secret").is_err());
    session.clear_pictures();
    assert!(session.plan().is_err() && session.train(b"{}", &mut |_| ()).is_err());
}

#[test]
fn the_exports_pass_bytes_in_and_out() {
    // Without a model every call is a fault in words, and so is input that is none.
    assert!(!exports::input(3).is_null());
    assert_eq!(exports::load(), 1);
    assert!(!exports::output().is_null() && exports::output_len() > 10);
    exports::input(0);
    assert_eq!((exports::predict_file(), exports::clear_pictures()), (1, 0));
    assert_eq!(exports::output_len(), 0);
    exports::input(2);
    assert_eq!(exports::add_picture(3), 1);
}
