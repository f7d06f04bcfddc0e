//! Who may ask. A browser can be made to send requests here by any page that its user opens; the headers that it adds
//! tell such requests apart.
//!
//! - **Host**: a page of `evil.example` may point that name to 127.0.0.1 (DNS rebinding) and is then of one origin with
//!   this server. So a name is no host of this server, only `localhost` and addresses in numbers are.
//! - **Origin, Sec-Fetch-Site**: a page elsewhere may post here without reading the answer. So a request that changes
//!   something comes from the page itself, or from a program that is no browser and sends neither header.
//! - **Token**: where other machines reach the server, every path begins with it.

use std::net::{IpAddr, SocketAddr};

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::{Method, StatusCode, Uri};

use crate::reply::Fault;

/// Checks where a request says that it goes to and comes from.
///
/// # Errors
/// A [`Fault`] that says which header is not as expected.
pub(crate) fn check(bound: SocketAddr, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Fault> {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(Ok(host)), None) = (hosts.next().map(|host| host.to_str()), hosts.next()) else {
        return Err(forbidden("expected one Host header"));
    };
    let named = uri.authority().map(hyper::http::uri::Authority::as_str);
    if !is_own_host(bound, host) || named.is_some_and(|named| !is_own_host(bound, named)) {
        return Err(forbidden(
            "this server answers to its address in numbers and to localhost only; open that address",
        ));
    }
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    let own = format!("http://{host}");
    let is_own_origin =
        |origin: &hyper::header::HeaderValue| origin.to_str().is_ok_and(|text| text.eq_ignore_ascii_case(&own));
    let site = headers.get("sec-fetch-site");
    if !headers.get_all(ORIGIN).iter().all(is_own_origin)
        || site.is_some_and(|site| site != "same-origin" && site != "none")
    {
        return Err(forbidden("a page of another origin may not send pictures here"));
    }
    Ok(())
}

fn forbidden(message: &str) -> Fault {
    Fault::new(StatusCode::FORBIDDEN, message)
}

/// Whether `host[:port]` is an address of this server.
fn is_own_host(bound: SocketAddr, host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        // The colons of an IPv6 address without a port stand in brackets.
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let port = port.map_or(Some(80), |port| port.parse::<u16>().ok());
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let is_own_name = if name.eq_ignore_ascii_case("localhost") {
        bound.ip().is_loopback() || bound.ip().is_unspecified()
    } else {
        match bare.parse::<IpAddr>() {
            // Behind a translated address the number is another one; a number cannot be pointed elsewhere.
            Ok(ip) => !bound.ip().is_loopback() || ip.is_loopback(),
            Err(_) => false,
        }
    };
    port == Some(bound.port()) && is_own_name
}

/// What follows the token in a path; `None` if the token is not there. The comparison takes the same time wherever the
/// first difference is.
pub(crate) fn below_token<'a>(path: &'a str, token: Option<&str>) -> Option<&'a str> {
    let rest = path.strip_prefix('/')?;
    let Some(token) = token else { return Some(rest) };
    let (first, rest) = rest.split_once('/')?;
    let differing = first.bytes().zip(token.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    (first.len() == token.len() && differing == 0).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_no_hosts_of_this_server() {
        let local = bound("127.0.0.1:8017");
        for host in ["127.0.0.1:8017", "localhost:8017", "LOCALHOST:8017", "[::1]:8017", "127.0.0.2:8017"] {
            assert!(is_own_host(local, host), "{host}");
        }
        for host in [
            "evil.example:8017",
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost",
            "10.0.0.1:8017",
            "localhost.evil.example:8017",
            "127.0.0.1.evil.example:8017",
            "",
            ":8017",
            "127.0.0.1:8017:8017",
            "127.0.0.1:x",
            "[::1]",
            "user@127.0.0.1:8017",
        ] {
            assert!(!is_own_host(local, host), "{host}");
        }
        let open = bound("0.0.0.0:80");
        assert!(
            is_own_host(open, "192.168.1.20") && is_own_host(open, "localhost") && !is_own_host(open, "school.example")
        );
    }

    #[test]
    fn pages_of_other_origins_may_look_at_nothing_and_send_nothing() {
        let check = |method: Method, headers: &[(&'static str, &str)]| {
            let mut map = HeaderMap::new();
            headers.iter().for_each(|(name, value)| {
                map.append(*name, value.parse().unwrap());
            });
            check(bound("127.0.0.1:8017"), &method, &Uri::from_static("/predict"), &map).is_ok()
        };
        let host = ("host", "127.0.0.1:8017");
        assert!(check(Method::POST, &[host]));
        assert!(check(Method::POST, &[host, ("origin", "http://127.0.0.1:8017"), ("sec-fetch-site", "same-origin")]));
        assert!(check(Method::GET, &[host, ("sec-fetch-site", "cross-site")]));
        for headers in [
            vec![],
            vec![host, host],
            vec![host, ("origin", "http://evil.example")],
            vec![host, ("origin", "null")],
            vec![host, ("origin", "http://localhost:8017")],
            vec![host, ("origin", "https://127.0.0.1:8017")],
            vec![host, ("origin", "http://127.0.0.1:8017"), ("origin", "http://evil.example")],
            vec![host, ("sec-fetch-site", "cross-site")],
            vec![host, ("sec-fetch-site", "same-site")],
        ] {
            assert!(!check(Method::POST, &headers), "{headers:?}");
        }
    }

    #[test]
    fn paths_begin_with_the_token() {
        assert_eq!(below_token("/predict", None), Some("predict"));
        assert_eq!(below_token("/abc/predict", Some("abc")), Some("predict"));
        assert_eq!(below_token("/abc/", Some("abc")), Some(""));
        for path in ["/", "/abc", "/abd/x", "/ab/x", "/abcd/x", "//abc/x", "abc/x", ""] {
            assert_eq!(below_token(path, Some("abc")), None, "{path}");
        }
    }
}
