//! The page in Korean: no English sentence on it, and the same findings as in English.

use test_support::{Test, english, said};

use crate::{rows, test, write, writer};

/// Faults of many kinds: copies, a wrong label, a blank picture, a writer whose labels are shifted, one with two
/// swapped, and test rows that train.
fn faults(test: &Test) {
    let mut all = rows(800);
    for (at, (label, _)) in all.iter_mut().enumerate() {
        match writer(at) {
            "b" => *label = (*label + 9) % 10,
            "c" if matches!(*label, 6 | 9) => *label = 15 - *label,
            _ => {}
        }
    }
    all[33].0 = 8;
    all[151].1 = vec![240; 400];
    let copy = all[1].1.clone();
    all.push((1, copy.clone()));
    all.push((7, copy));
    write(test, "d", &all);
    write(test, "t", &all[..3]);
}

/// What is said on a page, and what its script says. The reasons of rejected pictures are those of all commands.
fn texts(page: &str) -> Vec<String> {
    let mut texts = said(page);
    let data = page.split_once("id=\"data\">").and_then(|(_, rest)| rest.split_once("</script>")).unwrap().0;
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    texts.extend(data["words"].as_object().unwrap().values().map(|text| text.as_str().unwrap().to_owned()));
    texts
}

#[test]
fn no_english_sentence_is_left_on_a_korean_page() {
    let test = test();
    faults(&test);
    test.run("d.csv ko --test t.csv --lang ko").status(0);
    let page = test.read("ko/findings.html");
    assert!(page.contains("<html lang=\"ko\">"));
    for word in ["틀린 것 같은 레이블", "뒤섞인 레이블", "복사본", "빈 그림", "그대로 두기", "쓴 사람 b: "]
    {
        assert!(page.contains(word), "{word}");
    }
    let left: Vec<String> =
        texts(&page).iter().filter_map(|text| Some(format!("{}: {text}", english(text)?))).collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
    // The check itself finds English.
    test.run("d.csv en --test t.csv").status(0);
    let page = test.read("en/findings.html");
    assert!(texts(&page).iter().filter(|text| english(text).is_some()).count() > 20);
    // What programs read is the same.
    assert_eq!(test.read("ko/findings.csv"), test.read("en/findings.csv"));
}

#[test]
fn another_language_replaces_the_page_and_nothing_else_does() {
    let test = test();
    write(&test, "d", &rows(100));
    test.run("d.csv out").status(0);
    test.run("d.csv out --lang ko").status(0);
    assert!(test.read("out/findings.html").contains("전체 그림"));
    test.run("d.csv out --lang ko").status(0).stderr_has(&["nothing to do"]);
    test.run("d.csv out --lang ko --shown 3").status(2).stderr_has(&["shown: 200 -> 3", "--fresh"]);
    test.run("d.csv out --shown 3").status(2).stderr_has(&["--fresh"]);
    test.run("d.csv out").status(0);
    assert!(!test.read("out/findings.html").contains("전체 그림"));
    test.run("d.csv out --lang fr").status(2).stderr_has(&["'fr'", "expected en or ko"]);
}
