//! Requests, help, and readers of the output.

use crate::{model, quarter, test};

#[test]
fn wrong_requests_are_refused() {
    let test = test();
    test.write("a.pgm", quarter(4, 1));
    for (line, part) in [
        ("--min-confidence 0.5", "no picture; name files or folders"),
        ("--model", "a value is required for '--model <RUN|FILE>'"),
        ("calibrat --model model.safetensors --data a.csv", "did you mean `calibrate`?"),
        ("--model nowhere a.pgm", "nowhere: no such file or folder; expected a run folder"),
        ("--model a.pgm/x a.pgm", "a.pgm/x: no such file or folder"),
        ("--model model.safetensors --min-confidence 80 a.pgm", "expected a number from 0 to 1, found `80`"),
        ("calibrate --model model.safetensors --data gone.csv", "gone.csv: no such file; check the path"),
        ("--model model.safetensors", "no picture"),
        ("--model model.safetensors - -", "asked for 2 times"),
        ("--model model.safetensors --files-from gone.txt", "gone.txt"),
        ("--model model.safetensors --colour a.pgm", "--colour"),
    ] {
        test.run(line).status(2).stderr_has(&[part]);
    }
}

#[test]
fn help_completions_and_manual_page_are_there() {
    let test = test();
    test.run("--help").status(0).stdout_has(&["Example:"]);
    test.run("--generate bash").status(0).stdout_has(&["--min-confidence"]);
    test.run("--generate man").status(0).stdout_has(&["digit\\-predict"]);
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let test = test();
    for n in 0..50 {
        test.write(&format!("all/{n}.pgm"), quarter(4, 1));
    }
    let mut command = test.command("--quiet --model model.safetensors all").command();
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn every_option_and_path_that_a_message_names_helps() {
    let test = test();
    test.write("a.pgm", quarter(40, 1));
    test.write("list.txt", "a.pgm\n");
    for run in ["runs/first/seed-1", "runs/first/seed-2"] {
        test.write(&format!("{run}/config.json"), "{}");
        test.write(&format!("{run}/model.safetensors"), model().to_bytes().unwrap());
    }
    for (wrong, code, part, right) in [
        ("--model runs a.pgm", 2, "name one of them, such as runs/first/seed-1", "--model runs/first/seed-1 a.pgm"),
        ("--model model.safetensors", 2, "or --files-from LIST", "--model model.safetensors --files-from list.txt"),
        (
            "--model model.safetensors --max-pixels 1599 a.pgm",
            1,
            "raise the limit with --max-pixels 1600",
            "--model model.safetensors --max-pixels 1600 a.pgm",
        ),
        (
            "--model model.safetensors --min-confidnce 0.5 a.pgm",
            2,
            "'--min-confidence'",
            "--model model.safetensors --min-confidence 0.5 a.pgm",
        ),
    ] {
        let ended = test.run(wrong);
        assert!(ended.status(code).stderr.contains(part) || ended.stdout.contains(part), "{ended}");
        test.run(right).status(0).stderr_has(&["1 picture labelled"]);
    }
    for n in 3..=8 {
        test.write(&format!("runs/first/seed-{n}/config.json"), "{}");
    }
    test.run("--model runs a.pgm")
        .status(2)
        .stderr_has(&["holds 8 runs (first/seed-1, ", "first/seed-5 and 3 more); name"]);
}
