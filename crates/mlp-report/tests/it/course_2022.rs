//! The conclusions of 2022 over runs made up so that each verdict is known.

use test_support::RunFolder;

use crate::{REPORT, test};

const NAMES: [&str; 23] = [
    "01-20x20-1-sigmoid-normal",
    "02-20x20-1-tanh-normal",
    "05-20x20-32-tanh-normal-std-x10-lr-x0.1",
    "06-20x20-128-tanh-normal-std-x10-lr-x0.1",
    "07-20x20-1-relu-normal",
    "08-20x20-32-relu-normal-std-x10-lr-x0.1",
    "09-20x20-8-8-relu-normal",
    "10-20x20-32-32-relu-normal",
    "11-20x20-32-5-relu-normal",
    "12-20x20-8-8-8-relu-normal",
    "13-20x20-32-16-8-relu-normal-std-x10-lr-x0.1",
    "14-20x20-32-32-32-relu-normal-std-x10-lr-x0.1",
    "15-20x20-64-64-64-relu-normal-std-x10-lr-x0.1",
    "16-20x20-64-64-relu-he",
    "17-20x20-128-128-relu-he",
    "18-20x20-256-256-relu-he",
    "19-20x20-64-64-64-relu-he",
    "20-20x20-32-32-32-32-relu-he",
    "21-20x20-64-64-64-64-relu-he",
    "22-20x20-64-32-16-4-relu-he",
    "23-20x20-128-64-32-16-relu-he",
    "27-mixed-256-256-relu-he",
    "28-mixed-512-128-relu-he",
];

/// Ten seeds of each; `wrong` and `zero` give for a name how many of 300 rows are wrong and when zero loss is near.
fn tables(wrong: impl Fn(&str) -> u64, zero: impl Fn(&str) -> Option<u32>) -> String {
    tables_of(&NAMES, wrong, zero)
}

fn tables_of(names: &[&str], wrong: impl Fn(&str) -> u64, zero: impl Fn(&str) -> Option<u32>) -> String {
    let test = test();
    for name in names {
        for seed in 1..=10 {
            // Seeds differ a little, and not alike in all experiments, or the tests would have no variance.
            let luck = seed * (1 + name.len() as u64 % 4) % 5;
            let mut run = RunFolder::new(name, seed, 300, wrong(name) + luck);
            run.zero_loss_epoch = zero(name).map(|epoch| epoch + luck as u32);
            run.epochs = 60;
            run.write(&test, &format!("runs/{name}/seed-{seed}"));
        }
    }
    test.run(REPORT).status(0);
    test.read("out/tables.md")
}

fn verdicts(tables: &str) -> Vec<&str> {
    let rows = tables.lines().skip_while(|line| !line.starts_with("Conclusions of 2022 and"));
    rows.filter(|line| line.starts_with("| "))
        .skip(2)
        .take(6)
        .map(|line| line.split('|').nth(2).unwrap().trim())
        .collect()
}

const STANDS: &str = "stands";
const NOT: &str = "does not stand";
const OPEN: &str = "undecided";

#[test]
fn what_the_runs_show_clearly_stands() {
    // The wider the first layer the better and the sooner; depth costs accuracy, but no epochs.
    let first = |name: &str| name.split('-').nth(2).unwrap().parse::<u64>().unwrap();
    let depth = |name: &str| name.split('-').skip(2).take_while(|part| part.parse::<u64>().is_ok()).count() as u64;
    let tables = tables(
        |name| match &name[..2] {
            "01" => 198,
            "02" | "07" => 100,
            "12" => 196,
            _ => 140 - 15 * u64::from(first(name).ilog2()) + 25 * (depth(name) - 1),
        },
        |name| Some(50 - 5 * first(name).ilog2()),
    );
    assert_eq!(verdicts(&tables), [STANDS, STANDS, STANDS, STANDS, STANDS, OPEN], "{tables}");
    assert!(tables.contains("- Conclusion 3 of 2022 stands: \"Too many hidden layers hurt.\""), "{tables}");
    // Its own numbers stand beside ours.
    let row =
        tables.lines().filter(|line| line.contains("18-20x20-256-256-relu-he")).find(|line| line.contains("0.892"));
    assert!(row.is_some(), "{tables}");
}

#[test]
fn what_the_runs_contradict_does_not_stand() {
    // Width means nothing, depth helps and changes the epochs, sigmoid is as good as the others, and [8, 8, 8] learns
    // as [8, 8] does.
    let depth = |name: &str| name.split('-').skip(2).take_while(|part| part.parse::<u64>().is_ok()).count() as u64;
    let tables = tables(|name| 100 - 12 * depth(name), |name| Some(50 - 8 * depth(name) as u32));
    assert_eq!(verdicts(&tables), [NOT, NOT, NOT, NOT, OPEN, OPEN], "{tables}");
}

#[test]
fn what_the_runs_leave_open_is_undecided() {
    // Nothing learns, nothing comes near zero loss.
    let tables = tables(|_| 196, |_| None);
    assert_eq!(verdicts(&tables), [OPEN; 6], "{tables}");
}

#[test]
fn one_comparison_of_many_decides_nothing() {
    let names = ["09-20x20-8-8-relu-normal", "12-20x20-8-8-8-relu-normal"];
    let tables = tables_of(&names, |name| if name.starts_with("09") { 20 } else { 90 }, |_| Some(20));
    assert_eq!(verdicts(&tables)[2], OPEN, "{tables}");
    assert!(tables.contains("only 1 of its 4 comparisons can be made with these runs"), "{tables}");
}
