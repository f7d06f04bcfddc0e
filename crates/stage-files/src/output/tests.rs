use std::fs;
use std::path::Path;

use serde_json::json;

use super::*;
use crate::stage::STAGE_FILE;

const LAYOUT: Layout =
    Layout { owns: |name| name.starts_with("20/") || name.ends_with(".csv"), private: &[".checkpoint"] };

fn info() -> StageInfo {
    let mut info = StageInfo::new("digit-labeler", "0.1.0", json!({"canvas": "20x20"}), "1-5".parse().unwrap());
    info.counts.insert("pictures".into(), 2);
    info
}

fn folder(root: &Path) -> OutputFolder {
    reused(root, Reuse::default())
}

fn reused(root: &Path, reuse: Reuse) -> OutputFolder {
    OutputFolder::new(root, LAYOUT, info(), &[], reuse).unwrap()
}

fn refusal(root: &Path, info: StageInfo) -> String {
    let error = OutputFolder::new(root, LAYOUT, info, &[], Reuse::default()).unwrap_err();
    assert!(crate::is_refused(&error), "{error:#}");
    error.to_string()
}

/// A whole folder with two files.
fn whole(root: &Path) {
    let writer = folder(root).begin().unwrap();
    writer.write("20/a.png", b"a").unwrap();
    writer.write("b.csv", b"b").unwrap();
    assert_eq!(writer.finish(&info()).unwrap(), Vec::<String>::new());
}

fn is_up_to_date(root: &Path, verify: bool) -> bool {
    reused(root, Reuse { verify, fresh: false }).up_to_date(|done| *done == info()).unwrap().is_some()
}

#[test]
fn a_folder_is_up_to_date_only_while_all_that_was_written_stands() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("out");
    assert!(!is_up_to_date(&root, false));
    whole(&root);
    assert!(is_up_to_date(&root, true));
    fs::write(root.join("20/a.png"), b"x").unwrap();
    assert!(is_up_to_date(&root, false) && !is_up_to_date(&root, true));
    for damage in [&b""[..], b"longer"] {
        fs::write(root.join("20/a.png"), damage).unwrap();
        assert!(!is_up_to_date(&root, false));
        whole(&root);
        assert!(is_up_to_date(&root, true));
    }
    fs::remove_file(root.join("b.csv")).unwrap();
    assert!(!is_up_to_date(&root, false));
    fs::write(root.join(MANIFEST_FILE), "").unwrap();
    assert!(!is_up_to_date(&root, false));
}

#[test]
fn what_a_run_no_longer_writes_goes_and_what_others_put_there_stays() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path();
    whole(root);
    fs::write(root.join("20/mine.png"), "mine").unwrap();
    fs::write(root.join("notes.txt"), "notes").unwrap();
    fs::write(root.join(".checkpoint"), "state").unwrap();
    let writer = folder(root).begin().unwrap();
    let error = writer.write("20/mine.png", b"theirs").unwrap_err();
    assert!(crate::is_refused(&error) && error.to_string().contains("did not write it"), "{error}");
    writer.write("c.csv", b"c").unwrap();
    assert_eq!(writer.finish(&info()).unwrap(), Vec::<String>::new());
    assert!(!root.join("20/a.png").exists() && !root.join("b.csv").exists() && !root.join(".checkpoint").exists());
    assert_eq!(fs::read(root.join("20/mine.png")).unwrap(), b"mine");
    assert_eq!(fs::read(root.join("notes.txt")).unwrap(), b"notes");
}

#[test]
fn a_file_that_somebody_altered_is_not_removed_but_named() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path();
    whole(root);
    fs::write(root.join("20/a.png"), "altered").unwrap();
    let writer = folder(root).begin().unwrap();
    assert_eq!(writer.finish(&info()).unwrap(), ["20/a.png"]);
    assert_eq!(fs::read(root.join("20/a.png")).unwrap(), b"altered");
}

#[test]
fn a_killed_run_is_taken_over_and_what_it_wrote_is_known() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path();
    let writer = folder(root).begin().unwrap();
    writer.write("20/a.png", b"a").unwrap();
    writer.write("20/old.png", b"old").unwrap();
    drop(writer);
    assert!(!root.join(STAGE_FILE).exists() && !is_up_to_date(root, false));
    let standing = reused(root, Reuse { verify: true, fresh: false }).standing();
    assert!(standing.has("20/a.png") && !standing.has("20/b.png"));
    let writer = folder(root).begin().unwrap();
    writer.keep("20/a.png");
    writer.finish(&info()).unwrap();
    assert!(is_up_to_date(root, true));
    assert!(root.join("20/a.png").exists() && !root.join("20/old.png").exists());
}

/// Killed between any two steps of the beginning, the folder can be written again.
#[test]
fn every_beginning_that_was_cut_off_can_be_begun_again() {
    for files in
        [&[".lock"][..], &[".lock", MANIFEST_FILE], &[".lock", MANIFEST_FILE, ".stage-tmp-host-1-x"], &[".cache"]]
    {
        let temporary = tempfile::tempdir().unwrap();
        files.iter().for_each(|file| fs::write(temporary.path().join(file), "").unwrap());
        whole(temporary.path());
        assert!(is_up_to_date(temporary.path(), true), "{files:?}");
    }
}

#[test]
fn foreign_folders_are_refused_and_own_or_empty_ones_are_not() {
    let temporary = tempfile::tempdir().unwrap();
    let out = temporary.path().join("out");
    folder(&out);
    fs::create_dir(&out).unwrap();
    folder(&out);
    fs::create_dir(out.join("source")).unwrap();
    info().finish(&out.join("source")).unwrap();
    folder(&out);
    fs::write(out.join("thesis.docx"), "").unwrap();
    assert!(refusal(&out, info()).contains("thesis.docx"));
    info().begin(&out).unwrap();
    folder(&out);
    fs::write(out.join("b.csv"), "b").unwrap();
    fs::write(out.join(MANIFEST_FILE), format!("bytes,sha256,name\n1,{},b.csv\n", "0".repeat(64))).unwrap();
    let mut other = info();
    other.settings = json!({"canvas": "8x8", "size": 20});
    let message = refusal(&out, other.clone());
    assert!(message.contains("(canvas: 20x20 -> 8x8, size: not set -> 20); do it anew"), "{message}");
    other.tool = "digit-csv".into();
    assert!(refusal(&out, other).contains("made by digit-labeler"));
    fs::write(temporary.path().join("file"), "").unwrap();
    assert!(refusal(&temporary.path().join("file"), info()).contains("found a file"));
    assert!(refusal(&temporary.path().join("file/out"), info()).contains("is a file"));
}

#[test]
fn a_folder_in_which_nothing_was_done_refuses_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("out");
    let mut other = info();
    other.settings = json!({"canvas": "8x8"});
    other.tool = "digit-csv".into();
    let is_accepted = |info: &StageInfo| OutputFolder::new(&root, LAYOUT, info.clone(), &[], Reuse::default()).is_ok();
    // Killed before the first file, then with a rejected input only.
    drop(folder(&root).begin().unwrap());
    assert!(is_accepted(&other));
    let writer = folder(&root).begin().unwrap();
    writer.write_rejected(&[]).unwrap();
    writer.finish(&info()).unwrap();
    assert!(is_accepted(&other));
    // A checkpoint is work, and so is a file.
    fs::write(root.join(".checkpoint"), "c").unwrap();
    assert!(!is_accepted(&other));
    fs::remove_file(root.join(".checkpoint")).unwrap();
    whole(&root);
    assert!(!is_accepted(&other));
    // Its own tool counted no picture.
    let mut none = info();
    none.counts.insert("pictures".into(), 0);
    none.finish(&root).unwrap();
    other.tool = info().tool;
    assert!(is_accepted(&other));
}

/// Anew in place: other settings are no obstacle, nothing is taken over, and the files of others stay.
#[test]
fn fresh_work_replaces_what_the_stage_wrote_and_nothing_else() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("out");
    whole(&root);
    fs::write(root.join("20/mine.txt"), "mine").unwrap();
    fs::write(root.join(".checkpoint"), "of the old settings").unwrap();
    let mut other = info();
    other.settings = json!({"canvas": "8x8"});
    let fresh = Reuse { verify: false, fresh: true };
    let folder = OutputFolder::new(&root, LAYOUT, other.clone(), &[], fresh).unwrap();
    assert!(folder.up_to_date(|_| true).unwrap().is_none() && !folder.standing().has("b.csv"));
    let writer = folder.begin().unwrap();
    assert!(!root.join(".checkpoint").exists());
    writer.write("20/c.png", b"c").unwrap();
    writer.finish(&other).unwrap();
    assert_eq!((root.join("20/a.png").exists(), root.join("b.csv").exists()), (false, false));
    assert_eq!(fs::read(root.join("20/mine.txt")).unwrap(), b"mine");
    let mut foreign = other;
    foreign.tool = "digit-csv".into();
    let error = OutputFolder::new(&root, LAYOUT, foreign, &[], fresh).unwrap_err();
    assert!(error.to_string().contains("made by digit-labeler"), "{error}");
}

/// Names from a list that came with a folder are data: they never reach a file outside it.
#[test]
fn a_list_from_elsewhere_makes_nothing_go_outside() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("out");
    whole(&root);
    let outside = temporary.path().join("precious.csv");
    fs::write(&outside, "b").unwrap();
    let list = fs::read_to_string(root.join(MANIFEST_FILE)).unwrap();
    let line = list.lines().find(|line| line.ends_with(",b.csv")).unwrap().strip_suffix("b.csv").unwrap().to_owned();
    let absolute = outside.display().to_string();
    let evil: String =
        ["../precious.csv", &absolute, "20/../../precious.csv"].map(|name| format!("{line}{name}\n")).concat();
    fs::write(root.join(MANIFEST_FILE), list + &evil).unwrap();
    folder(&root).begin().unwrap().finish(&info()).unwrap();
    assert!(outside.exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    let temporary = tempfile::tempdir().unwrap();
    let (root, outside) = (temporary.path().join("out"), temporary.path().join("outside"));
    whole(&root);
    fs::rename(root.join("20"), &outside).unwrap();
    std::os::unix::fs::symlink(&outside, root.join("20")).unwrap();
    let writer = folder(&root).begin().unwrap();
    let error = writer.write("20/new.png", b"new").unwrap_err();
    assert!(crate::is_refused(&error) && error.to_string().contains("through a link"), "{error}");
    writer.finish(&info()).unwrap();
    assert!(outside.join("a.png").exists() && !outside.join("new.png").exists());
}

#[test]
fn a_file_that_is_amended_stays_up_to_date() {
    let temporary = tempfile::tempdir().unwrap();
    whole(temporary.path());
    amend(&temporary.path().join("b.csv"), b"calibrated").unwrap();
    assert!(is_up_to_date(temporary.path(), true));
    amend(&temporary.path().join("not-listed"), b"x").unwrap();
    assert!(is_up_to_date(temporary.path(), true));
}

/// Where a file system has no locks. Once, this was a refusal, so nobody tried again.
#[test]
fn a_file_that_another_writer_made_meanwhile_is_a_fault_from_outside() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path();
    let first = folder(root).begin().unwrap();
    fs::remove_file(root.join(crate::lock::LOCK_FILE)).unwrap();
    let second = folder(root).begin().unwrap();
    first.write("b.csv", b"b").unwrap();
    let file = fs::File::options().write(true).open(root.join("b.csv")).unwrap();
    file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(1)).unwrap();
    let error = second.write("b.csv", b"b").unwrap_err();
    assert!(!crate::is_refused(&error) && error.to_string().contains("by another process meanwhile"), "{error}");
}

#[test]
fn work_that_another_process_finished_meanwhile_is_not_begun_again() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path();
    let second = folder(root);
    whole(root);
    let stage = fs::read(root.join(STAGE_FILE)).unwrap();
    assert!(second.begin_unless_done(|done| *done == info()).unwrap().is_none());
    assert_eq!(fs::read(root.join(STAGE_FILE)).unwrap(), stage);
    assert!(is_up_to_date(root, true));
    let other = folder(root).begin_unless_done(|_| false).unwrap();
    assert!(other.is_some_and(|writer| writer.is_locked()) && !root.join(STAGE_FILE).exists());
}
