//! The arguments of the server.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use digit_image::decode::parse_pixels;
use stage_page::Lang;

/// What the server is asked to do. Flatten it into the arguments of a command.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address to listen on; with one that other machines reach, such as 0.0.0.0, the page's address has a token
    #[arg(long, value_name = "IP", default_value = "127.0.0.1", value_parser = parse_host)]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8017)]
    pub(crate) port: u16,
    /// Folder for digits that are collected on the page: {writer}/{label}/0001.png
    #[arg(long, value_name = "DIR")]
    pub(crate) collect: Option<PathBuf>,
    /// Give no label below this confidence, 0 to 1
    #[arg(long, value_name = "P", default_value_t = digit_page::DEFAULT_MIN_CONFIDENCE, value_parser = parse_share)]
    pub(crate) min_confidence: f32,
    /// Do not use pictures with more pixels than this; M stands for million
    #[arg(long, value_name = "COUNT", default_value = "64M", value_parser = parse_pixels)]
    pub(crate) max_pixels: u64,
    /// Seconds within which a request has to arrive
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,
    /// Language of the page
    #[arg(long, value_name = "en|ko", default_value = "en", hide_possible_values = true, value_parser = languages())]
    pub(crate) lang: Lang,
    /// After `--`: options for digit-learn, which the button "Teach" runs
    #[arg(last = true, value_name = "OPTION")]
    pub(crate) learn: Vec<OsString>,
}

/// The languages by their tags, so that completions know them.
fn languages() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new([Lang::En, Lang::Ko].map(Lang::tag)).try_map(|tag| tag.parse::<Lang>())
}

impl ServeArgs {
    /// The largest picture that is used, in pixels.
    pub fn max_pixels(&self) -> u64 {
        self.max_pixels
    }
}

fn parse_host(text: &str) -> Result<IpAddr, String> {
    let text = if text == "localhost" { "127.0.0.1" } else { text.trim_start_matches('[').trim_end_matches(']') };
    text.parse().map_err(|_| {
        "expected an address of this machine in numbers: 127.0.0.1 (this machine alone), 0.0.0.0 (all of its networks)"
            .to_owned()
    })
}

fn parse_share(text: &str) -> Result<f32, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("expected a number from 0 to 1, found `{text}`"))
}
