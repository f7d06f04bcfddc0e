//! Requests of those who mean no good, or know no better.

use std::io::Write;
use std::time::{Duration, Instant};

use super::http::{connect, read, send};
use super::{Server, free_port};
use crate::{quarter, test};

#[test]
fn requests_for_other_hosts_and_from_other_pages_are_refused() {
    let test = test();
    let server = Server::start(&test, "");
    let picture = quarter(4, 1);
    let ask = |line: &str, headers: &str| {
        let text =
            format!("{line} HTTP/1.1\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", picture.len());
        send(server.port, &[text.as_bytes(), &picture].concat()).unwrap()
    };
    let host = format!("Host: {}\r\n", server.host());
    assert_eq!(ask("POST /predict", &host).status, 200);
    assert_eq!(ask("POST /predict", &format!("{host}Origin: http://{}\r\n", server.host())).status, 200);
    for line in ["GET /", "GET /health", "POST /predict"] {
        let rebound = ask(line, &format!("Host: evil.example:{}\r\n", server.port));
        assert!(rebound.fault(403).contains("in numbers"), "{line}");
    }
    assert_eq!(ask("POST http://evil.example/predict", &host).status, 403);
    for origin in ["Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"] {
        let reply = ask("POST /predict", &format!("{host}{origin}\r\n"));
        assert!(reply.fault(403).contains("another origin"), "{origin}");
        assert!(!reply.headers.contains_key("access-control-allow-origin"));
    }
}

#[test]
fn no_path_leads_to_a_file_of_the_disk() {
    let test = test();
    test.write("secret.txt", "secret");
    let server = Server::start(&test, "--collect collected");
    for path in [
        "/../secret.txt",
        "/secret.txt",
        "/js/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/collected",
        "/model.safetensors",
        "/js/",
        "/collect/kim/3/0001.png",
        "/report",
        "/qr.svg",
    ] {
        let reply = server.get(path);
        assert_eq!(reply.status, 404, "{path}: {reply:?}");
    }
    assert_eq!(server.get("/predict").fault(405), "expected one of the methods POST");
    assert_eq!(server.post("/health", b"").status, 405);
    assert_eq!(server.ask("DELETE", "/predict", &[], b"").headers["allow"], "POST");
    assert_eq!(test.names("collected"), Vec::<String>::new());
}

#[test]
fn what_is_too_large_or_no_picture_is_said_and_the_server_goes_on() {
    let test = test();
    let server = Server::start(&test, "--max-pixels 1M");
    let declared = format!("POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Length: 99999999999\r\n\r\n", server.host());
    assert!(send(server.port, declared.as_bytes()).unwrap().fault(413).contains("33554432 bytes, the limit"));
    // Without a length, in pieces, until the limit is passed.
    let mut stream = connect(server.port);
    let head = format!("POST /predict HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n", server.host());
    stream.write_all(head.as_bytes()).unwrap();
    let piece = [b"100000\r\n".as_slice(), &vec![0; 0x10_0000], b"\r\n"].concat();
    for _ in 0..33 {
        stream.write_all(&piece).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    read(&mut stream).unwrap().fault(413);
    // 50 megapixels in a header, and no pixel behind it.
    let large = server.post("/predict", b"P5 10000 5000 255\n").json();
    assert!(large["error"].as_str().unwrap().contains("50000000"), "{large}");
    assert!(server.post("/predict", b"GIF89a").json()["error"].is_string());
    assert!(server.post("/predict", b"<html>").json()["error"].as_str().unwrap().contains("not a picture"));
    assert!(server.post("/predict", b"").fault(400).contains("found nothing"));
    let json = |text: &str| server.ask("POST", "/predict", &["Content-Type: application/json"], text.as_bytes());
    for text in ["", "{}", "[", "{\"pictures\": [1]}", "{\"pictures\": [], \"x\": 1}", "\u{0}"] {
        assert!(json(text).fault(400).contains("expected {\"pictures\": [BASE64, ..]}"), "{text}");
    }
    assert_eq!(server.post("/predict", &quarter(4, 2)).json()["label"], 7);
}

#[test]
fn slow_requests_and_false_lengths_end_after_a_time() {
    let test = test();
    let server = Server::start(&test, "--timeout 1");
    let began = Instant::now();
    let text = format!("POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Length: 100\r\n\r\nP5 4", server.host());
    assert!(send(server.port, text.as_bytes()).unwrap().fault(408).contains("within 1 second"));
    // Half a header, and nothing.
    for half in [&b"GET / HTTP/1.1\r\nHost:"[..], b""] {
        let mut stream = connect(server.port);
        stream.write_all(half).unwrap();
        let ended = read(&mut stream);
        assert!(ended.as_ref().map_or(true, |reply| reply.status == 408), "{ended:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    // More bytes than said: the rest is no request.
    let picture = quarter(4, 1);
    let text =
        format!("POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", server.host(), picture.len());
    let reply = send(server.port, &[text.as_bytes(), &picture, b"\0\0rubbish\r\n\r\n"].concat()).unwrap();
    assert_eq!(reply.status, 200);
    for rubbish in [&b"\x16\x03\x01\x02\x00\x01"[..], b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
        let ended = send(server.port, rubbish);
        assert!(ended.as_ref().map_or(true, |reply| reply.status == 400), "{ended:?}");
    }
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn two_hundred_at_once_are_all_answered() {
    let test = test();
    let server = Server::start(&test, "");
    let picture = quarter(60, 3);
    std::thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| assert_eq!(server.post("/predict", &picture).json()["label"], 9));
        }
    });
    assert_eq!(server.get("/health").json()["pictures"], 200);
}

#[test]
fn others_need_the_token_that_the_terminal_shows() {
    let test = test();
    let port = free_port();
    let mut running =
        test.command(&format!("serve --model model.safetensors --host 0.0.0.0 --port {port} --json")).start();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(running.status().is_none(), "it runs");
    }
    let server = Server { running: Some(running), port };
    for path in ["/", "/predict", "/js/main.js", "/abcdefghijkm/", "/about"] {
        assert!(server.get(path).fault(403).contains("the terminal shows"), "{path}");
    }
    #[cfg(unix)]
    {
        let said = server.stop("TERM");
        let address = said.status(0).json()["address"].as_str().unwrap().to_owned();
        let token = address.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
        assert_eq!(token.len(), 12, "{address}");
        said.stderr_has(&["not encrypted"]);
    }
}
