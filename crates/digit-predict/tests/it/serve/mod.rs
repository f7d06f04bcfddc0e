//! `digit-predict serve`: the whole server over its socket.

mod collect;
mod hostile;
mod http;
mod requests;

use std::time::{Duration, Instant};

use http::Reply;
use serde_json::Value;
use test_support::{Running, Test};

/// How long a test waits for the server.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that runs in the folder of a test. Dropped, it is killed.
struct Server {
    running: Option<Running>,
    port: u16,
}

impl Server {
    /// Starts the server on a free port with these options and waits until it listens.
    fn start(test: &Test, options: &str) -> Self {
        let port = free_port();
        let line = format!("serve --model model.safetensors --port {port} {options}");
        let mut running = test.command(&line).start();
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(running.status().is_none() && began.elapsed() < PATIENCE, "the server does not listen on {port}");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { running: Some(running), port }
    }

    /// `Host` of a request to it.
    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], b"")
    }

    fn post(&self, path: &str, body: &[u8]) -> Reply {
        self.ask("POST", path, &[], body)
    }

    fn post_json(&self, path: &str, value: &Value) -> Reply {
        self.ask("POST", path, &["Content-Type: application/json"], value.to_string().as_bytes())
    }

    fn ask(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Reply {
        let mut text = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
            self.host(),
            body.len()
        );
        headers.iter().for_each(|header| text.extend([header, "\r\n"]));
        text += "\r\n";
        http::send(self.port, &[text.as_bytes(), body].concat()).expect("a response")
    }

    /// Asks it to stop and returns what it said.
    #[cfg(unix)]
    fn stop(mut self, signal: &str) -> test_support::Output {
        let mut running = self.running.take().expect("it runs");
        running.signal(signal);
        running.end()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.running.take().into_iter().for_each(Running::kill);
    }
}

/// A port that nobody uses now.
fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr()).expect("a free port").port()
}
