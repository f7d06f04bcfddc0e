//! What is asked for: the arguments of the command.

use std::path::PathBuf;

use clap::Parser;
use digit_image::decode::PageChoice;
use digit_labeler::LabelsIn;
use mlp_report::Lang;
use stage_cli::{CommonArgs, FolderArgs};
use stage_files::config::Seeds;
use stage_files::labels::LabelSet;

/// From a folder of pictures to a trained network and a report
#[derive(Parser)]
#[command(
    name = "digit-learn",
    version,
    after_help = "\
Example:
  digit-learn scans
  digit-learn 'my scans' --out learned/first --labels 0-9 --seeds 3

The folder is only read. Its pictures may be named in one of these ways:
  3/x.jpg                  folders named by their digit
  kim/3/x.jpg              a folder for each writer, with folders named by digit
  3_x.jpg                  names that begin with their digit
  3_20_kim-1.jpg           digit, size, writer and a number

Exit codes: 0 done, 1 some pictures rejected (see rejected.csv), 2 wrong request, 3 fault from outside, \
130/143 interrupted; run the same command again to go on."
)]
pub(crate) struct Request {
    /// Folder of pictures
    pub(crate) source: PathBuf,
    /// Folder for all that is made [default: learned/ and the name of the folder of pictures]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Labels to learn, such as 0-9 or 1,3,7 [default: those of the pictures]
    #[arg(long)]
    pub(crate) labels: Option<LabelSet>,
    /// Nominal size of all pictures [default: that of their names, or 20]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) size: Option<u8>,
    /// Where the digit of a picture is said: folders, names [default: found out]
    #[arg(long, value_name = "folders|names")]
    pub(crate) layout: Option<LabelsIn>,
    /// Pages of a TIFF file or frames of an animation: the first, or each as a picture
    #[arg(long, value_name = "first|all", default_value = "first")]
    pub(crate) pages: PageChoice,
    /// Drawn digits to train beside the pictures
    #[arg(long, value_name = "COUNT", default_value_t = 8000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) drawn: u32,
    /// Train on the pictures alone
    #[arg(long, conflicts_with = "drawn")]
    pub(crate) no_drawn: bool,
    /// Passes over the training pictures [default: 30]
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..))]
    pub(crate) epochs: Option<u32>,
    /// Seeds, a run for each: a list such as 3,5,8 or a count [default: one run with seed 1]
    #[arg(long, value_name = "LIST|COUNT", value_parser = parse_seeds)]
    pub(crate) seeds: Option<Seeds>,
    /// Seed of the only run
    #[arg(long, conflicts_with = "seeds")]
    pub(crate) seed: Option<u64>,
    /// Language of the report
    #[arg(long, value_name = "en|ko", default_value = "en")]
    pub(crate) lang: Lang,
    #[command(flatten)]
    pub(crate) folder: FolderArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

fn parse_seeds(text: &str) -> Result<Seeds, String> {
    mlp_train::cli::parse_seeds(text).map_err(|error| error.to_string())
}
