//! `digit-form make`.

use hayro_syntax::Pdf;

use super::test;

fn pages(pdf: Vec<u8>) -> usize {
    Pdf::new(pdf).unwrap().pages().len()
}

#[test]
fn a_form_has_a_sheet_for_each_writer_and_page() {
    let test = test();
    test.write("names.txt", "kim\n김민지\r\na/b \"c\"\n🙂\n\n");
    test.run("make --writers names.txt --out form.pdf")
        .status(0)
        .stderr("digit-form: 4 sheets for 4 writers in form.pdf; print without scaling\n");
    assert_eq!(pages(test.bytes("form.pdf")), 4);
    test.run("make --count 2 --per-label 40 --paper letter --out long.pdf --json")
        .status(0)
        .stdout_has(&["\"pages\":4"]);
    assert_eq!(pages(test.bytes("long.pdf")), 8);
    let again = test.bytes("form.pdf");
    test.run("make --writers names.txt --out form.pdf").status(0);
    assert_eq!(test.bytes("form.pdf"), again, "the same request gives the same bytes");
}

#[test]
fn names_come_from_standard_input_too() {
    let test = test();
    test.command("make --writers - --out form.pdf").stdin("kim\nlee\n").run().status(0);
    assert_eq!(pages(test.bytes("form.pdf")), 2);
}

#[test]
fn wrong_requests_write_nothing() {
    let test = test();
    test.write("equal.txt", "kim\na/b\nKIM\n");
    test.write("long.txt", "x".repeat(101));
    test.write("none.txt", " \n\n");
    test.write("bytes.txt", [0xff, 0xfe, 0x41]);
    for (line, parts) in [
        ("--writers equal.txt", ["lines 1 and 3", "`kim` and `KIM`"]),
        ("--writers long.txt", ["line 1", "at most 100 bytes, found 101"]),
        ("--writers none.txt", ["expected a name a line", "found none"]),
        ("--writers bytes.txt", ["not UTF-8", "--writers bytes.txt"]),
        ("--writers missing.txt", ["missing.txt", "--writers"]),
        ("--count 10000 --per-label 99", ["at most 62500 sheets", "pages for each writer"]),
        ("--labels 0-9 --per-label 0", ["--per-label", "0"]),
        ("--paper a5", ["a4 or letter", "a5"]),
    ] {
        test.run(&format!("make {line} --out form.pdf")).status(2).stderr_has(&parts);
        assert!(!test.exists("form.pdf"), "{line}");
    }
    test.run("make --writers long.txt --out long.txt").status(2);
    assert_eq!(test.read("long.txt").len(), 101, "the list of names stays");
}
