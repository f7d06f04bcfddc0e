//! The addresses of the page, the token in them, and their QR code.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use anyhow::Context;
use qrcodegen::{QrCode, QrCodeEcc};

/// Letters and digits that are not taken for one another.
const TOKEN_LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 60 bits: nobody in the room guesses it.
const TOKEN_LENGTH: usize = 12;
/// Modules around a QR code, as ISO/IEC 18004 asks for.
const QUIET_ZONE: i32 = 4;

/// The addresses of a server.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// What the socket is bound to.
    pub(crate) bound: SocketAddr,
    /// The first part of every path, if other machines reach the server.
    pub(crate) token: Option<String>,
    /// For this machine.
    pub(crate) here: String,
    /// For other machines, if they reach the server.
    pub(crate) elsewhere: Option<String>,
}

impl Address {
    /// The addresses of a bound socket; one that other machines reach gets a token.
    ///
    /// # Errors
    /// A fault when the system gives no random bytes.
    pub(crate) fn new(bound: SocketAddr) -> anyhow::Result<Self> {
        let is_local = bound.ip().is_loopback();
        let token = if is_local { None } else { Some(token()?) };
        let url = |ip: IpAddr| {
            let base = format!("http://{}/", SocketAddr::new(ip, bound.port()));
            token.as_ref().map_or(base.clone(), |token| format!("{base}{token}/"))
        };
        let here = match bound.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => url(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => url(Ipv6Addr::LOCALHOST.into()),
            ip => url(ip),
        };
        let reached = if bound.ip().is_unspecified() { outer_ip(bound.ip()) } else { Some(bound.ip()) };
        let elsewhere = reached.filter(|ip| !ip.is_loopback()).map(url);
        Ok(Self { bound, token, here, elsewhere })
    }
}

fn token() -> anyhow::Result<String> {
    let mut bytes = [0; TOKEN_LENGTH];
    fill_random(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(TOKEN_LETTERS[usize::from(byte % 32)])).collect())
}

/// Fills a buffer with random bytes of the system.
pub(crate) fn fill_random(bytes: &mut [u8]) -> anyhow::Result<()> {
    getrandom::fill(bytes).context("the system gives no random bytes")
}

/// The address by which other machines reach this one: that of the interface on which packets would leave. Connecting
/// a UDP socket sends nothing. 192.0.2.1 and 2001:db8::1 belong to nobody (RFC 5737, RFC 3849).
fn outer_ip(unspecified: IpAddr) -> Option<IpAddr> {
    let nobody: SocketAddr = match unspecified {
        IpAddr::V4(_) => (Ipv4Addr::new(192, 0, 2, 1), 9).into(),
        IpAddr::V6(_) => (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 9).into(),
    };
    let socket = UdpSocket::bind((unspecified, 0)).ok()?;
    socket.connect(nobody).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
}

/// The QR code of a text as lines for a terminal, two rows of modules a line. Light modules are drawn, because
/// terminals are dark; on a light one the code is inverted, which phones read too.
pub(crate) fn qr_lines(text: &str) -> Vec<String> {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Low) else { return Vec::new() };
    let end = code.size() + QUIET_ZONE;
    let is_light = |x: i32, y: i32| !code.get_module(x, y);
    let line = |y: i32| {
        let cell = |x: i32| match (is_light(x, y), is_light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (-QUIET_ZONE..end).map(cell).collect()
    };
    (-QUIET_ZONE..end).step_by(2).map(line).collect()
}

/// The QR code of a text as SVG.
pub(crate) fn qr_svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET_ZONE;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|&x| code.get_module(x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET_ZONE, y + QUIET_ZONE);
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_other_machines_reach_has_a_token() {
        let local = Address::new("127.0.0.1:8017".parse().unwrap()).unwrap();
        assert_eq!((local.here.as_str(), local.token, local.elsewhere), ("http://127.0.0.1:8017/", None, None));
        let local = Address::new("[::1]:80".parse().unwrap()).unwrap();
        assert_eq!(local.here, "http://[::1]:80/");
        let open = Address::new("0.0.0.0:8017".parse().unwrap()).unwrap();
        let token = open.token.unwrap();
        assert_eq!(open.here, format!("http://127.0.0.1:8017/{token}/"));
        assert!(token.len() == TOKEN_LENGTH && token.bytes().all(|byte| TOKEN_LETTERS.contains(&byte)));
        let given = Address::new("10.1.2.3:9".parse().unwrap()).unwrap();
        assert_eq!(given.elsewhere.as_ref(), Some(&given.here));
        assert_ne!(given.token.unwrap(), token);
    }

    #[test]
    fn a_code_is_square_with_a_quiet_zone() {
        let lines = qr_lines("http://192.168.1.20:8017/abcdefghijkm/");
        let width = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width) && lines.len() == width.div_ceil(2));
        assert!(lines[0].chars().all(|c| c == '█') && lines[1].chars().all(|c| c == '█'));
        assert!(qr_svg("http://a/").unwrap().starts_with("<svg "));
    }
}
