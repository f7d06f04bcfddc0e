//! Digits that are collected: where they go, and that nothing else is touched.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use test_support::gray_png;

use super::Server;
use crate::test;

fn drawn(writer: &str, label: u8) -> Value {
    let png = STANDARD.encode(gray_png(30, 30, |x, _| if x == 15 { 0 } else { 255 }));
    let strokes = json!([{ "x": [15.0, 15.5], "y": [0.0, 29.0], "t": [0.0, 16.0] }]);
    json!({ "writer": writer, "label": label, "png": png, "strokes": strokes })
}

#[test]
fn digits_arrive_by_writer_and_label_and_can_be_taken_back() {
    let test = test();
    test.write("scans/kim/3/0001.png", "mine");
    test.write("scans/kim/notes.txt", "mine");
    let server = Server::start(&test, "--collect scans");
    let add = |writer: &str, label| server.post_json("/collect", &drawn(writer, label));
    assert_eq!(add("kim", 3).json()["picture"], "kim/3/0002.png");
    let last = add("kim", 3).json();
    assert_eq!(last["picture"], "kim/3/0003.png");
    assert_eq!(add("김민준", 0).json()["picture"], "김민준/0/0001.png");
    let counts = server.post_json("/collect/counts", &json!({ "writer": "kim" })).json();
    assert_eq!([&counts["counts"]["3"], &counts["counts"]["0"]], [3, 0]);
    assert_eq!(test.bytes("scans/kim/3/0002.png"), gray_png(30, 30, |x, _| if x == 15 { 0 } else { 255 }));
    assert_eq!(
        test.read("scans/kim/strokes.ndjson").lines().next().unwrap(),
        r#"{"word":"3","picture":"3/0002.png","drawing":[[[15.0,15.5],[0.0,29.0],[0.0,16.0]]]}"#
    );
    let undo = json!({ "undo": last["undo"] });
    assert_eq!(server.post_json("/collect/undo", &undo).status, 200);
    assert_eq!(server.post_json("/collect/undo", &undo).status, 404);
    assert!(!test.exists("scans/kim/3/0003.png"));
    assert_eq!(test.read("scans/kim/strokes.ndjson").lines().count(), 1);
    // What somebody has changed since stays.
    let changed = add("lee", 1).json();
    test.write("scans/lee/1/0001.png", "mine now");
    let kept = server.post_json("/collect/undo", &json!({ "undo": changed["undo"] }));
    assert!(kept.fault(409).contains("it stays"));
    assert_eq!(test.read("scans/lee/1/0001.png"), "mine now");
    assert_eq!((test.read("scans/kim/3/0001.png"), test.read("scans/kim/notes.txt")), ("mine".into(), "mine".into()));
}

#[test]
fn nothing_that_a_client_sends_leads_out_of_the_folder_or_fills_it_with_rubbish() {
    let test = test();
    test.make_folder("scans");
    let server = Server::start(&test, "--collect scans");
    let names =
        ["", "..", ".", "/", "a/b", "../x", "/etc/x", "a\\b", "\"", "'", "<b>", "😀", "a\u{0}", "a\n", "3", "NUL"];
    for writer in names {
        let refused = server.post_json("/collect", &drawn(writer, 3)).fault(400);
        assert!(refused.contains("name") || refused.contains("label"), "{writer:?}: {refused}");
        assert_eq!(server.post_json("/collect/counts", &json!({ "writer": writer })).status, 400);
    }
    let with = |key: &str, value: Value| {
        let mut drawn = drawn("kim", 3);
        drawn[key] = value;
        server.post_json("/collect", &drawn)
    };
    let png = |side: u32, ink: bool| STANDARD.encode(gray_png(side, side, |x, _| if ink && x == 0 { 0 } else { 255 }));
    for (key, value, part) in [
        ("label", json!(10), "from 0 to 9"),
        ("label", json!("../3"), "not as expected"),
        ("label", json!(-1), "not as expected"),
        ("png", json!(STANDARD.encode("#!/bin/sh")), "expected a PNG"),
        ("png", json!(STANDARD.encode("P2 1 1 255 0 ")), "expected a PNG"),
        ("png", json!(png(30, false)), "empty"),
        ("png", json!(png(2000, true)), "pixels"),
        ("png", json!("???"), "Base64"),
        ("strokes", json!([{ "x": [1], "y": [], "t": [1] }]), "different lengths"),
        ("path", json!("/etc/passwd"), "unknown field"),
    ] {
        let refused = with(key, value.clone()).fault(400);
        assert!(refused.contains(part), "{key}: {value}: {refused}");
    }
    assert_eq!(server.post("/collect", &vec![b' '; 2 << 20]).status, 413);
    assert_eq!(server.post_json("/collect/undo", &json!({ "undo": "../../x" })).status, 404);
    assert_eq!(test.names("scans"), Vec::<String>::new());
    let server = Server::start(&test, "");
    assert!(server.post_json("/collect", &drawn("kim", 3)).fault(404).contains("--collect"));
    assert!(server.post("/teach", b"").fault(403).contains("--collect"));
}

#[test]
fn several_at_once_with_one_name_lose_nothing() {
    let test = test();
    let server = Server::start(&test, "--collect scans");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..5).for_each(|_| assert_eq!(server.post_json("/collect", &drawn("kim", 3)).status, 200)));
        }
    });
    assert_eq!(test.names("scans/kim/3").len(), 40);
    assert_eq!(test.read("scans/kim/strokes.ndjson").lines().count(), 40);
}
