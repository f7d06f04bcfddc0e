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

#[test]
fn pictures_of_few_pixels_by_chosen_writers() {
    let test = test();
    let draw = "draw out --count 40 --labels 0-9 --side-px 8..10 --writers 3000..3010";
    test.run(draw).status(0).stderr("digit-source: 40 source pictures in out\n");
    let names: Vec<String> = test.names("out").into_iter().filter(|name| name.ends_with(".png")).collect();
    assert_eq!(names.len(), 40);
    for name in names {
        let bytes = test.bytes(&format!("out/{name}"));
        let side_of = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert!(side_of(16) == side_of(20) && (8..=10).contains(&side_of(16)), "{name}");
        assert!(name.contains("_20_hand30") || name.contains("_20_font-"), "{name}");
    }
    test.run(draw).status(0).stderr("digit-source: nothing to do: 40 source pictures, up to date in out\n");
    for (changed, part) in [
        ("--side-px 8..16 --writers 3000..3010", "side_px"),
        ("--side-px 8..10 --writers 10", "writers"),
        ("--side-px 8..10 --sizes 20", "cannot be used with"),
        ("--side-px 16..8", "expected two sides from 6 to 64 pixels, the shorter first, such as 8..16, found 16..8"),
        ("--writers 0", "expected a count such as 200 or numbers such as 3000..3100"),
    ] {
        test.run(&format!("draw out --count 40 --labels 0-9 {changed}")).status(2).stderr_has(&[part]);
    }
}
