//! Nothing of the user's is overwritten or removed, and what is damaged is made anew.

use test_support::{Test, gray_png};

fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-labeler"));
    for n in 1..=3 {
        test.write(&format!("source/{n}_20_a.png"), gray_png(30, 30, |x, y| (x * y * n) as u8));
    }
    test
}

#[test]
fn source_pictures_are_never_overwritten_by_their_labelled_ones() {
    let test = test();
    test.rename("source", "20");
    test.make_folder("all");
    test.rename("20", "all/20");
    test.write("all/20/stage.json", test_stage("digit-source"));
    let before = test.files("all");
    test.run("all/20 all").status(2).stderr_has(&["the input all/20 lies inside all"]);
    assert_eq!(test.files("all"), before);
}

#[cfg(unix)]
#[test]
fn an_output_inside_the_source_is_refused_by_every_spelling() {
    let test = test();
    std::os::unix::fs::symlink("source", test.at("link")).unwrap();
    let before = test.names("source");
    for line in [
        "source source",
        "source source/new",
        "source link/new",
        "source source/../link/new",
        "source gone/../source/new",
    ] {
        test.run(line).status(2).stderr_has(&["lies inside, the input"]);
        test.run(&format!("source out --explain {}", &line["source ".len()..])).status(2);
        assert_eq!(test.names("source"), before, "{line}");
    }
    test.run("source out --explain out").status(2);
    test.run("source out --explain out/explained").status(2).stderr_has(&["lies inside, the input out"]);
}

/// A stage.json as another command writes it.
fn test_stage(tool: &str) -> String {
    format!(
        "{{\"format\": 1, \"tool\": \"{tool}\", \"version\": \"0.1.0\", \"settings\": {{}}, \"inputs\": [], \
         \"counts\": {{}}, \"labels\": [1, 2, 3]}}"
    )
}

#[test]
fn what_a_later_stage_wrote_is_no_source() {
    let test = test();
    for tool in ["digit-labeler", "digit-csv", "mlp-train", "mlp-report"] {
        test.write("source/stage.json", test_stage(tool));
        test.run("source out").status(2).stderr_has(&[&format!("{tool} wrote this folder"), "source"]);
    }
    test.write("source/stage.json", test_stage("digit-source"));
    test.run("source out").status(0);
    // Without its stage.json a labelled picture is known by its label row: the label must not leak into the pixels.
    test.run("out again").status(2).stderr_has(&["digit-labeler wrote this folder"]);
    test.remove("out/stage.json");
    test.run("out again").status(1).stderr_has(&["is a labelled picture already"]);
    assert_eq!(test.json("again/stage.json")["counts"]["pictures"], 0);
}

/// Lists that came with a folder named files outside it, which were then removed.
#[test]
fn names_from_files_of_the_folder_remove_nothing_outside() {
    let test = test();
    test.write("precious.txt", "precious");
    test.write("20/precious.png", "precious");
    test.run("source out").status(0);
    let list = test.read("out/.outputs.csv");
    let line = list.lines().find(|line| line.ends_with("1_20_a.png")).unwrap();
    let digest = line.rsplit_once(',').unwrap().0;
    let absolute = test.at("precious.txt").display().to_string();
    let names = ["../precious.txt", "20/../../precious.txt", "../20/precious.png", &absolute];
    let evil = names.map(|name| format!("{digest},{name}\n")).concat();
    test.write("out/.outputs.csv", list + &evil);
    test.edit("out/.cache", "\"output\":\"20/1_20_a.png\"", "\"output\":\"../precious.txt\"");
    test.remove("source/2_20_a.png");
    test.run("source out").status(0);
    assert_eq!((test.read("precious.txt"), test.read("20/precious.png")), ("precious".into(), "precious".into()));
    assert!(!test.exists("out/20/2_20_a.png"));
}

#[cfg(unix)]
#[test]
fn no_file_of_the_protocol_is_opened_through_a_link() {
    for name in [".lock", ".outputs.csv", ".cache", "stage.json", ".stage.partial.json"] {
        let test = test();
        test.run("source out").status(0);
        test.write("thesis.txt", "my thesis");
        if test.exists(&format!("out/{name}")) {
            test.remove(&format!("out/{name}"));
        }
        std::os::unix::fs::symlink("../thesis.txt", test.at("out").join(name)).unwrap();
        test.write("source/4_20_a.png", gray_png(30, 30, |x, _| x as u8));
        let ran = test.run("source out --labels 1-5");
        assert!(ran.code == Some(0) || ran.code == Some(3), "{name}: {ran}");
        assert_eq!(test.read("thesis.txt"), "my thesis", "{name}: {ran}");
    }
}

#[test]
fn twins_that_some_file_systems_take_for_one_are_rejected_with_both_names() {
    let test = test();
    test.write("source/1_20_KIM.png", gray_png(30, 30, |x, _| x as u8));
    test.write("source/1_20_kim.png", gray_png(30, 30, |x, _| x as u8));
    test.write("source/2_20_Jos\u{e9}.png", gray_png(30, 30, |x, _| x as u8));
    test.write("source/2_20_Jose\u{301}.png", gray_png(30, 30, |x, _| x as u8));
    test.run("source out").status(1).stderr_has(&["5 pictures labelled", "2 rejected"]);
    let rejected = test.read("out/rejected.csv");
    assert!(
        rejected.contains(
            "1_20_kim.png,\"would get the name 1_20_kim.png, which macOS and Windows take for \
        1_20_KIM.png of 1_20_KIM.png;"
        ),
        "{rejected}"
    );
    // The same in every sharding: together the shards give what the whole gives.
    let mut names = Vec::new();
    for shard in 1..=3 {
        let ran = test.run(&format!("source shard-{shard} --shard {shard}/3"));
        assert!(matches!(ran.code, Some(0 | 1)), "{ran}");
        names.extend(test.names(&format!("shard-{shard}/20")));
    }
    names.sort();
    assert_eq!(names, test.names("out/20"));
}

/// After a power cut files are empty; a bad disk changes bytes and no size.
#[test]
fn damaged_outputs_are_made_anew() {
    let test = test();
    test.run("source out").status(0);
    let whole = test.files("out");
    for name in ["out/20/1_20_a.png", "out/rejected.csv"] {
        test.write(name, "");
        test.run("source out").status(0);
        assert_eq!(test.files("out"), whole, "{name}");
    }
    let mut bytes = test.bytes("out/20/2_20_a.png");
    bytes[60] ^= 255;
    test.write("out/20/2_20_a.png", bytes);
    test.run("source out").status(0).stderr_has(&["nothing to do"]);
    test.run("source out --verify").status(0).stderr_has(&["3 pictures labelled"]);
    assert_eq!(test.files("out"), whole);
    test.run("source out --verify").status(0).stderr_has(&["nothing to do"]);
}

#[test]
fn files_that_others_put_there_stay_and_are_not_written_over() {
    let test = test();
    test.run("source out").status(0);
    test.write("out/20/4_20_mine.png", "mine");
    test.write("out/notes.txt", "notes");
    test.write("source/4_20_mine.png", gray_png(30, 30, |x, _| x as u8));
    test.run("source out").status(2).stderr_has(&["4_20_mine.png stands there already", "did not write it"]);
    test.rename("out/20/4_20_mine.png", "mine.png");
    test.run("source out").status(0);
    assert_eq!((test.read("mine.png"), test.read("out/notes.txt")), ("mine".into(), "notes".into()));
}

#[test]
fn other_settings_are_named_one_by_one() {
    let test = test();
    test.run("source out").status(0);
    test.run("source out --canvas 8x8 --labels 0-9")
        .status(2)
        .stderr_has(&["other settings (canvas: 20x20 -> 8x8, labels: 1-5 -> 0-9)"]);
}
