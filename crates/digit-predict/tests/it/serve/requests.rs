//! What the server answers to those who mean well, and how it starts and stops.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Server, free_port};
use crate::{quarter, test};

#[test]
fn one_picture_and_many_are_answered_as_the_command_answers() {
    let test = test();
    let pictures: Vec<Vec<u8>> = (0..4).map(|at| quarter(4, at)).collect();
    (0..4).for_each(|at| test.write(&format!("{at}.pgm"), &pictures[at]));
    let ran = test.run("--model model.safetensors --json 0.pgm 1.pgm 2.pgm 3.pgm");
    let without_path = |mut line: Value| {
        line.as_object_mut().unwrap().remove("path");
        line
    };
    let expected: Vec<Value> = ran.status(0).json_lines().into_iter().map(without_path).collect();
    let server = Server::start(&test, "--min-confidence 0");
    for (picture, expected) in pictures.iter().zip(&expected) {
        let reply = server.post("/predict", picture);
        assert_eq!((reply.status, &reply.json()), (200, expected));
    }
    let mut texts: Vec<String> = pictures.iter().map(|picture| STANDARD.encode(picture)).collect();
    texts.push("no base64!".into());
    texts.push(STANDARD.encode("no picture"));
    let answers = server.post_json("/predict", &json!({ "pictures": texts })).json();
    let answers = answers["answers"].as_array().unwrap();
    assert_eq!(answers[..4], expected);
    assert!(answers[4]["error"].as_str().unwrap().contains("expected Base64"), "{}", answers[4]);
    assert!(answers[5]["error"].as_str().unwrap().contains("not a picture"), "{}", answers[5]);
    assert_eq!(server.get("/health").json(), json!({ "status": "ok", "pictures": 10 }));
}

#[test]
fn an_explanation_shows_the_picture_and_what_the_network_saw() {
    let test = test();
    let server = Server::start(&test, "");
    let explained = server.post("/explain", &quarter(40, 1)).json();
    assert_eq!(explained["answer"]["label"], 5);
    assert_eq!(explained["stages"][0]["name"], "decoded");
    assert_eq!([&explained["stages"][0]["width_px"], &explained["stages"][0]["height_px"]], [40, 40]);
    let seen = STANDARD.decode(explained["seen"].as_str().unwrap()).unwrap();
    test.write("seen.png", &seen);
    let ran = test.run("--model model.safetensors --json seen.png");
    assert_eq!(ran.status(0).json()["label"], 5);
    // Below the confidence that is asked for there is no label, and the probabilities say what it could be.
    let sure = Server::start(&test, "--min-confidence 1");
    let refused = sure.post("/predict", &quarter(4, 1)).json();
    assert_eq!([&refused["label"], &refused["refused"]], [&Value::Null, &json!(true)]);
    assert!(refused["probabilities"]["5"].as_f64().unwrap() > 0.5);
}

#[test]
fn the_page_is_whole_and_says_what_browsers_may_do_with_it() {
    let test = test();
    let server = Server::start(&test, "--lang ko");
    let page = server.get("/");
    let text = String::from_utf8(page.body.clone()).unwrap();
    assert!(text.starts_with("<!doctype html>"));
    for path in text.split("=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        if path.ends_with(".js") || path.ends_with(".css") || path.ends_with(".svg") {
            assert_eq!(server.get(&format!("/{path}")).status, 200, "{path}");
        }
    }
    for reply in [page, server.get("/nowhere"), server.get("/health")] {
        let policy = &reply.headers["content-security-policy"];
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers["cross-origin-resource-policy"], "same-origin");
    }
    let about = server.get("/about").json();
    assert_eq!(
        [&about["labels"], &about["lang"], &about["collects"]],
        [&json!([2, 5, 7, 9]), &json!("ko"), &json!(false)]
    );
    let head = server.ask("HEAD", "/", &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[cfg(unix)]
#[test]
fn signals_end_it_in_good_order_and_the_port_is_free_again() {
    let test = test();
    let server = Server::start(&test, "");
    let port = server.port;
    // A request whose second half comes after the signal is answered.
    let mut slow = super::http::connect(port);
    let picture = quarter(4, 1);
    let head =
        format!("POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", server.host(), picture.len());
    std::io::Write::write_all(&mut slow, &[head.as_bytes(), &picture[..8]].concat()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let rest = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(500));
        std::io::Write::write_all(&mut slow, &picture[8..]).unwrap();
        super::http::read(&mut slow).unwrap()
    });
    let ended = server.stop("TERM");
    ended.status(0).stdout(&format!("http://127.0.0.1:{port}/\n")).stderr_has(&["stopped after 1 picture"]);
    assert_eq!(rest.join().unwrap().json()["label"], 5);
    let again = test.command(&format!("serve --model model.safetensors --json --port {port}")).start();
    let mut again = Server { running: Some(again), port };
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(again.running.as_mut().unwrap().status().is_none(), "it runs");
    }
    let ended = again.stop("INT");
    assert_eq!(ended.status(0).json()["address"], format!("http://127.0.0.1:{port}/"));
}

#[test]
fn what_cannot_be_served_is_said_in_words() {
    let test = test();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let ran = test.run(&format!("serve --model model.safetensors --port {port}"));
    ran.status(3).stdout("").stderr_has(&[&format!("port {port} of 127.0.0.1 is in use"), "--port 0"]);
    test.run("serve --model nowhere").status(2).stdout("").stderr_has(&["nowhere"]);
    test.run("serve --model model.safetensors --host example.org").status(2).stderr_has(&["0.0.0.0"]);
    // 192.0.2.1 belongs to nobody.
    let ran = test.run(&format!("serve --model model.safetensors --host 192.0.2.1 --port {}", free_port()));
    ran.status(3).stderr_has(&["is no address of this machine"]);
    test.write("made/stage.json", "{}");
    let ran = test.run("serve --model model.safetensors --port 0 --collect made");
    ran.status(2).stderr_has(&["a stage made this folder"]);
}
