//! `--labels auto`, `--size auto` and `--layout`: what the folder says, and who decides where it says two things.

use test_support::{Test, gray_png};

/// A folder `source` with these pictures.
fn with(sources: &[&str]) -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-labeler"));
    for (n, source) in (0..).zip(sources) {
        test.write(&format!("source/{source}"), gray_png(20, 20, |x, y| (x * y + n) as u8));
    }
    test
}

fn pictures(test: &Test) -> Vec<String> {
    test.names("out").into_iter().filter(|name| name.ends_with(".png")).collect()
}

const AUTO: &str = "source out --labels auto --size auto";

#[test]
fn labels_and_size_are_those_of_the_folder_and_said() {
    let cases: [(&[&str], &str, &[&str]); 8] = [
        (
            &["kim/3/a-1.png", "kim/5/a-2.png", "lee/3/a-3.png"],
            "3 pictures, digits 3, 5, 2 writers, layout {writer}/{digit}",
            &["20/3_20_kim-1.png", "20/3_20_lee-3.png", "20/5_20_kim-2.png"],
        ),
        (
            &["0/IMG_2034.JPG", "1/IMG_2035.JPG"],
            "2 pictures, digits 0, 1, writers not known, layout {digit}/",
            &["20/0_20_IMG_2034.png", "20/1_20_IMG_2035.png"],
        ),
        // Names that say their size keep it.
        (
            &["3_20_kim-1.png", "4_8_kim-2.png"],
            "2 pictures, digits 3, 4, sizes 8 and 20, 1 writer, layout {digit}_{size}_{writer}-{n}",
            &["20/3_20_kim-1.png", "8/4_8_kim-2.png"],
        ),
        (
            &["3/kim/IMG_7.JPG", "3/lee/IMG_7.JPG", "5/kim/IMG_9.JPG"],
            "3 pictures, digits 3, 5, 2 writers, layout {digit}/{writer}",
            &["20/3_20_kim-7.png", "20/3_20_lee-7.png", "20/5_20_kim-9.png"],
        ),
        // The second number is no size.
        (
            &["3_1_1.png", "3_2_1.png", "4_1_1.png"],
            "3 pictures, digits 3, 4, writers not known, layout {digit}_{id}",
            &["20/3_20_1_1.png", "20/3_20_2_1.png", "20/4_20_1_1.png"],
        ),
        (
            &["three/a.png", "four/a.png"],
            "2 pictures, digits 3, 4, writers not known, layout {digit}/",
            &["20/3_20_a.png", "20/4_20_a.png"],
        ),
        (
            &["kim/03/a.png", "kim/04/a.png"],
            "2 pictures, digits 3, 4, 1 writer, layout {writer}/{digit}",
            &["20/3_20_kim-1.png", "20/4_20_kim-1.png"],
        ),
        (
            &["a/3_20_1.png", "a/3_20_2.png", "a/4_20_3.png", "b/3_20_1.png", "b/3_20_2.png", "b/4_20_3.png"],
            "6 pictures, digits 3, 4, 2 writers, layout {writer}/{digit}_{size}_{id}",
            &[
                "20/3_20_a-1.png",
                "20/3_20_a-2.png",
                "20/3_20_b-1.png",
                "20/3_20_b-2.png",
                "20/4_20_a-3.png",
                "20/4_20_b-3.png",
            ],
        ),
    ];
    for (sources, found, expected) in cases {
        let test = with(sources);
        test.run(AUTO).status(0).stderr_has(&[&format!("digit-labeler: found {found}\n")]);
        assert_eq!(pictures(&test), expected, "{sources:?}");
        test.run(AUTO).status(0).stderr_has(&["nothing to do"]);
    }
}

#[test]
fn each_option_may_be_given_while_the_other_is_found() {
    let test = with(&["3/a.png", "5/a.png", "7/a.png"]);
    test.run("source out --labels 3-5 --size auto").status(1).stderr_has(&["found 3 pictures, digits 3, 5, 7"]);
    assert_eq!(pictures(&test), ["20/3_20_a.png", "20/5_20_a.png"]);
    test.remove("out");
    test.run("source out --labels auto --size 8").status(0);
    assert_eq!(test.json("out/stage.json")["labels"], serde_json::json!([3, 5, 7]));
    assert_eq!(pictures(&test).len(), 3);
    test.run("source other --size big").status(2).stderr_has(&["--size"]);
    test.run("source other --layout both").status(2).stderr_has(&["expected `folders` or `names`, found `both`"]);
}

#[test]
fn folders_beside_numbers_that_are_no_labels_spell_none() {
    // Writers 03 to 12: 03 is no label.
    let test = with(&["03/a.png", "12/a.png"]);
    let ran = test.run(AUTO);
    ran.status(2).stderr_has(&["source: expected pictures whose folder or name says the digit", "03/a.png, 12/a.png"]);
    assert!(!test.exists("out"));
}

#[test]
fn digits_outside_of_writers_count_only_where_all_pictures_lie_so() {
    // A name that contradicts is rejected, a picture outside makes the folders doubtful.
    let test = with(&["3/kim/a.png", "5/kim/a.png", "5/lee/a.png", "5/lee/b.png", "5/lee/3_c.png"]);
    test.run(AUTO).status(1).stderr_has(&["4 pictures, digits 3, 5", "its name says label 3, its folder 5"]);
    let test = with(&["3/kim/a.png", "5/kim/a.png", "all/a.png"]);
    test.run(AUTO).status(2).stderr_has(&["found 3 files that do not"]);
}

#[test]
fn layout_decides_where_folders_and_names_say_different_digits() {
    let sources = ["1/3_a.png", "1/4_a.png", "2/3_a.png", "2/5_a.png"];
    let test = with(&sources);
    test.run(AUTO).status(2).stderr_has(&["found two: 1/3_a.png", "--layout folders", "--layout names"]);
    test.run(&format!("{AUTO} --layout names")).status(0).stderr_has(&["digits 3-5"]);
    assert_eq!(pictures(&test), ["20/3_20_1_a.png", "20/3_20_2_a.png", "20/4_20_1_a.png", "20/5_20_2_a.png"]);
    test.remove("out");
    let ran = test.run(&format!("{AUTO} --layout folders"));
    ran.status(0).stderr(
        "digit-labeler: found 4 pictures, digits 1, 2, writers not known, layout {digit}/\n\
                          digit-labeler: 4 pictures labelled (4 of size 20)\n",
    );
    assert_eq!(pictures(&test), ["20/1_20_3_a.png", "20/1_20_4_a.png", "20/2_20_3_a.png", "20/2_20_5_a.png"]);
}
