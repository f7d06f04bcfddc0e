//! The program with all commands: dispatch, help, completions, and the same results as the separate programs.

use test_support::{Test, gray_png};

const WORDS: [&str; 9] = ["learn", "form", "source", "label", "csv", "doctor", "train", "report", "predict"];
const NAMES: [&str; 9] = [
    "digit-learn",
    "digit-form",
    "digit-source",
    "digit-labeler",
    "digit-csv",
    "digit-doctor",
    "mlp-train",
    "mlp-report",
    "digit-predict",
];

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digits"))
}

#[test]
fn help_lists_every_command_and_each_helps_under_its_two_words() {
    let test = test();
    for line in ["--help", "help", "-h"] {
        let ran = test.run(line);
        ran.status(0).stderr("").stdout_has(&["digits learn scans"]);
        for (word, name) in WORDS.iter().zip(NAMES) {
            ran.stdout_has(&[&format!("  {word} "), name]);
        }
    }
    for (word, name) in WORDS.iter().zip(NAMES) {
        let usage = format!("Usage: digits {word}");
        for line in [format!("{word} --help"), format!("{name} --help"), format!("help {word}")] {
            test.run(&line).status(0).stderr("").stdout_has(&[&usage]);
        }
        let help = test.run(&format!("{word} --help")).stdout;
        // clap takes `{n}` in a help text for the end of a line.
        assert!(!help.contains("}-\n"), "{help}");
        let examples = help.split_once("Example:").expect("every help has an example").1;
        assert!(examples.contains(&format!("  digits {word} ")) && !examples.contains(&format!("  {name} ")), "{help}");
        test.run(&format!("{word} --version")).status(0).stdout_has(&[env!("CARGO_PKG_VERSION")]);
        test.run(&format!("{word} --no-such-option")).status(2).stderr_has(&["--no-such-option", &usage]);
    }
    test.run("source draw --help").status(0).stdout_has(&["Usage: digits source draw", "digits source draw datasets"]);
    test.run("").status(2).stderr_has(&["Usage: digits", "Commands:"]);
    test.run("--version").status(0).stdout(&format!("digits {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_unknown_word_names_the_nearest_command() {
    let test = test();
    for (word, nearest) in [("lable", "label"), ("trian", "train"), ("predcit", "predict"), ("mlp-trian", "mlp-train")]
    {
        test.run(word).status(2).stdout("").stderr_has(&[&format!("'{word}'"), &format!("'{nearest}'")]);
    }
}

#[test]
fn completions_and_the_manual_page_know_all_commands() {
    let test = test();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = test.run(&format!("--generate {shell}"));
        ran.status(0).stderr("").stdout_has(&["digits", "preprocess", "min-confidence"]);
        ran.stdout_has(&WORDS);
    }
    test.run("--generate man").status(0).stdout_has(&[".TH digits", "learn"]);
    test.run("label --generate man").status(0).stdout_has(&[".TH digit-labeler"]);
    test.run("--generate cobol").status(2).stderr_has(&["expected bash"]);
}

#[test]
fn a_command_does_what_the_separate_program_does() {
    let test = test();
    for digit in 1..=2 {
        for n in 0..6 {
            test.write(&format!("scans/{digit}_20_kim-{n}.png"), gray_png(20, 20, |x, y| (x * y * digit + n) as u8));
        }
    }
    test.run("label scans labelled").status(0).stderr("digit-labeler: 12 pictures labelled (12 of size 20)\n");
    test.run("csv labelled data").status(0).stderr_has(&["digit-csv: 12 rows in 20x20_info.csv"]);
    let config = r#"{"hidden": [4], "optimizer": {"sgd": {"lr": 0.05}}, "batch": 4, "epochs": 2}"#;
    test.write("c.json", config);
    test.run("train c.json --data data/20x20_info.csv --out runs").status(0).stderr_has(&["mlp-train: 1 run done"]);
    test.run("train check c.json").status(0);
    test.run("report runs --out report").status(0).stderr_has(&["mlp-report: 1 run"]);
    let ran = test.run("predict --model runs scans/1_20_kim-0.png --json");
    ran.status(0);
    assert_eq!(ran.json()["path"], "scans/1_20_kim-0.png");
    test.run("label nowhere out").status(2).stderr_has(&["nowhere: expected a folder of pictures"]);
}

#[test]
fn learn_names_the_next_command_in_two_words() {
    let test = test();
    test.run("source draw scans --count 24 --sizes 20 --labels 1-2").status(0);
    let ran = test.run("learn scans --no-drawn --epochs 2");
    ran.status(0);
    // The program was called by its path, so the line has it, too; the folder of a clone may have a blank in its name.
    let program = stage_cli::quoted(std::path::Path::new(env!("CARGO_BIN_EXE_digits")));
    let line = ran.stderr.lines().find_map(|line| line.strip_prefix("digit-learn: try it: ")).expect("a line");
    let line = line.strip_prefix(&program).expect("the path of the program");
    test.run(line).status(0).stdout_has(&["scans/1_20_"]);
    let refused = test.run("learn scans --out scans/x");
    refused.status(2).stderr_has(&[&format!("{program} learn scans --out ")]);
}

#[cfg(unix)]
#[test]
fn under_the_name_of_a_command_the_program_is_that_command() {
    let test = test();
    let program = test.at("digit-csv");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_digits"), &program).unwrap();
    let ran = Test::new(program.to_str().unwrap()).run("--help");
    ran.status(0).stdout_has(&["Usage: digit-csv", "digit-csv merge"]);
}
