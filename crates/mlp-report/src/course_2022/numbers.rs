//! The results of the 2022 experiments: one run each, on the pictures of 2022.

/// A row of the results of 2022, as it stands there.
pub(crate) struct Numbers {
    /// Name of the config that repeats it.
    pub name: &'static str,
    /// Final training loss; `-` where it shows none.
    pub loss: &'static str,
    pub test_accuracy: Option<f64>,
    /// First epoch in which some mini-batch's loss was below 0.005.
    pub zero_epoch: &'static str,
}

impl Numbers {
    /// Its number, 1 to 28.
    pub(crate) fn number(&self) -> u32 {
        self.name.split('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

const fn row(name: &'static str, loss: &'static str, test_accuracy: Option<f64>, zero_epoch: &'static str) -> Numbers {
    Numbers { name, loss, test_accuracy, zero_epoch }
}

/// All of them, in order.
pub(crate) const NUMBERS: [Numbers; 28] = [
    row("01-20x20-1-sigmoid-normal", "nan", None, "-"),
    row("02-20x20-1-tanh-normal", "1.608", Some(0.151), "never"),
    row("03-20x20-32-tanh-normal", "1.609", Some(0.168), "never"),
    row("04-20x20-32-tanh-normal-std-x10", "1.604", Some(0.162), "never"),
    row("05-20x20-32-tanh-normal-std-x10-lr-x0.1", "0.001", Some(0.730), "67"),
    row("06-20x20-128-tanh-normal-std-x10-lr-x0.1", "0.001", Some(0.778), "40"),
    row("07-20x20-1-relu-normal", "1.608", Some(0.141), "never"),
    row("08-20x20-32-relu-normal-std-x10-lr-x0.1", "0.001", Some(0.746), "76"),
    row("09-20x20-8-8-relu-normal", "0.045", Some(0.746), "175"),
    row("10-20x20-32-32-relu-normal", "0.000", Some(0.778), "47"),
    row("11-20x20-32-5-relu-normal", "0.010", Some(0.827), "112"),
    row("12-20x20-8-8-8-relu-normal", "1.608", Some(0.146), "never"),
    row("13-20x20-32-16-8-relu-normal-std-x10-lr-x0.1", "0.240", Some(0.741), "784"),
    row("14-20x20-32-32-32-relu-normal-std-x10-lr-x0.1", "0.018", Some(0.730), "438"),
    row("15-20x20-64-64-64-relu-normal-std-x10-lr-x0.1", "0.005", Some(0.805), "195"),
    row("16-20x20-64-64-relu-he", "0.000", Some(0.827), "62"),
    row("17-20x20-128-128-relu-he", "0.000", Some(0.843), "52"),
    row("18-20x20-256-256-relu-he", "0.000", Some(0.892), "47"),
    row("19-20x20-64-64-64-relu-he", "-", None, "-"),
    row("20-20x20-32-32-32-32-relu-he", "-", None, "-"),
    row("21-20x20-64-64-64-64-relu-he", "-", None, "-"),
    row("22-20x20-64-32-16-4-relu-he", "-", None, "-"),
    row("23-20x20-128-64-32-16-relu-he", "-", None, "-"),
    row("24-8x8-256-256-relu-he", "1.155", Some(0.402), "never"),
    row("25-8x8-256-256-relu-he-batch-5", "0.676", Some(0.504), "737"),
    row("26-8x8-256-256-relu-he-batch-5-epochs-2000", "0.693", Some(0.402), "749"),
    row("27-mixed-256-256-relu-he", "0.027", Some(0.694), "94"),
    row("28-mixed-512-128-relu-he", "0.049", Some(0.722), "242"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn each_row_is_a_config_that_is_there() {
        let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/2022");
        for (i, numbers) in NUMBERS.iter().enumerate() {
            assert_eq!(numbers.number() as usize, i + 1);
            assert!(configs.join(format!("{}.json", numbers.name)).is_file(), "{}", numbers.name);
        }
    }
}
