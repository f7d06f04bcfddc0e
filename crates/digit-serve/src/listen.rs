//! The socket, the connections, and the end of the server.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use serde_json::json;
use stage_cli::{Console, ExitStatus, Interrupts, counted};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::ServeArgs;
use crate::address::{Address, qr_lines};
use crate::model::{InUse, Load, Model};
use crate::route;
use crate::server::Server;

/// Connections at a time; others wait.
const MAX_CONNECTIONS: usize = 512;
/// Connections that wait.
const BACKLOG: u32 = 1024;
/// How often the server looks whether it should stop.
const TICK: Duration = Duration::from_millis(100);
/// The longest life of a connection, so that none stays whose other end is gone.
const CONNECTION_TIME: Duration = Duration::from_mins(10);
/// Requests that are under way may end within this time when the server stops.
const GRACE_TIME: Duration = Duration::from_secs(5);
/// Longest header, in bytes.
const MAX_HEADER_BYTES: usize = 32 << 10;

/// Serves the page until a signal comes. `load` reads the network that the button "Teach" made.
///
/// # Errors
/// Faults: the port is in use or may not be used. Refusals: a folder to collect into that is somebody else's.
pub fn serve(args: &ServeArgs, model: Arc<dyn Model>, load: Load, console: &Console) -> anyhow::Result<ExitStatus> {
    // The connections need one thread; the work is done on others.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the server")?;
    let served = runtime.block_on(async {
        let listener = bind(SocketAddr::new(args.host, args.port))?;
        let address = Address::new(listener.local_addr().context("the socket has no address")?)?;
        let server = Arc::new(Server::new(address, args, InUse::new(model)?, load)?);
        let interrupts = Interrupts::listen()?;
        say(&server, console)?;
        accept(listener, &server, &interrupts, Duration::from_secs(args.timeout)).await;
        server.teaching.stop();
        console.note(format!(
            "{}: stopped after {}",
            console.program(),
            counted(server.pictures.load(Ordering::Relaxed), "picture")
        ));
        Ok(ExitStatus::Done)
    });
    runtime.shutdown_timeout(GRACE_TIME);
    served
}

fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    let socket = socket.context("cannot open a socket")?;
    // A port is free again at once after the server ends. On Windows the option would let two servers share it.
    #[cfg(unix)]
    socket.set_reuseaddr(true).context("cannot set up the socket")?;
    let bound = socket.bind(address).and_then(|()| socket.listen(BACKLOG));
    bound.map_err(|error| {
        let (ip, port) = (address.ip(), address.port());
        let words = match error.kind() {
            ErrorKind::AddrInUse => format!(
                "port {port} of {ip} is in use, perhaps by another server like this one; \
                 choose another with --port, or any free one with --port 0"
            ),
            ErrorKind::PermissionDenied => {
                format!("port {port} may not be used by this user; choose one from 1024 on with --port")
            }
            ErrorKind::AddrNotAvailable => {
                format!("{ip} is no address of this machine; --host 0.0.0.0 listens on all of its networks")
            }
            _ => format!("cannot listen on {address}: {error}"),
        };
        anyhow::anyhow!(words)
    })
}

/// Says where the page is.
fn say(server: &Server, console: &Console) -> anyhow::Result<()> {
    let address = &server.address;
    if address.token.is_some() {
        console.warn("whoever has the address can use the page; it is not encrypted, so use it in a network you trust");
    }
    if console.is_json() {
        return console.data(json!({
            "address": address.here, "elsewhere": address.elsewhere, "port": address.bound.port(),
        }));
    }
    console.data(&address.here)?;
    if let Some(collected) = &server.collected {
        console.note(format!("{}: collected digits go to {}", console.program(), collected.root().display()));
    }
    if let Some(elsewhere) = &address.elsewhere {
        console.note(format!("{}: for phones and others in this network: {elsewhere}", console.program()));
        qr_lines(elsewhere).into_iter().for_each(|line| console.note(line));
    }
    console.note(format!("{}: open {} in a browser; Ctrl-C stops", console.program(), address.here));
    Ok(())
}

/// Takes connections until a signal comes, then lets those end that are under way.
async fn accept(listener: TcpListener, server: &Arc<Server>, interrupts: &Interrupts, header_time: Duration) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    while interrupts.pending().is_none() {
        let Ok(Ok(place)) = timeout(TICK, Arc::clone(&room).acquire_owned()).await else { continue };
        match timeout(TICK, listener.accept()).await {
            Err(_) => {}
            // Too many open files, or a connection that broke off at once: others may go well.
            Ok(Err(_)) => tokio::time::sleep(TICK).await,
            Ok(Ok((stream, peer))) => connect(server, stream, peer, place, &graceful, header_time),
        }
    }
    drop(listener);
    let _ = timeout(GRACE_TIME, graceful.shutdown()).await;
}

fn connect(
    server: &Arc<Server>,
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    graceful: &GracefulShutdown,
    header_time: Duration,
) {
    // Answers are small and awaited.
    let _ = stream.set_nodelay(true);
    let server = Arc::clone(server);
    let service = service_fn(move |request| {
        let server = Arc::clone(&server);
        async move { Ok::<_, Infallible>(route::answer(server, peer, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // A fault of a connection is the other end's; nobody is left to tell.
        let _ = timeout(CONNECTION_TIME, connection).await;
        drop(place);
    });
}
