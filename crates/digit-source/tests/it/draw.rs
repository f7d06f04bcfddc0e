//! Drawing.

use test_support::assert_same_files;

use crate::test;

/// `datasets/sample` is kept in the repository, drawn once: whoever draws it again gets these bytes, on any machine.
#[test]
fn the_sample_drawn_again_is_the_one_kept() {
    let test = test();
    let draw = "draw out --count 60 --labels 0-9 --seed 2022";
    test.run(draw).status(0).stdout("").stderr("digit-source: 60 source pictures in out\n");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/sample");
    assert_same_files(&test.files("out"), &test.files(sample));
    test.run(draw).status(0).stderr("digit-source: nothing to do: 60 source pictures, up to date in out\n");
}

#[test]
fn drawing_killed_at_any_moment_ends_as_if_it_had_not_been() {
    let test = test();
    for wait_ms in [20, 60, 150] {
        let running = test.command("draw out --count 400 --sizes 8").start();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        running.kill();
    }
    test.run("draw out --count 400 --sizes 8").status(0);
    test.run("draw fresh --count 400 --sizes 8").status(0);
    assert_same_files(&test.files("out"), &test.files("fresh"));
    assert_eq!(test.files("out").len(), 403);
}
