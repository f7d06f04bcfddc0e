//! Checks the documents of the workspace: the tables of ARCHITECTURE.md against the manifests, links against files,
//! words against docs/glossary.md, and the width of lines.

#![allow(clippy::disallowed_methods, reason = "reads the files of the workspace itself")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Widest line, in characters.
const MAX_COLUMNS: usize = 120;

/// Words that docs/glossary.md replaces, chosen so that they have no other meaning in these documents. A word counts
/// where no letter, digit or `-` stands beside it.
const BANNED: &str = "misread misreads mis-said hands parted snapshots certainty minibatch minibatches";

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("crates/test-support lies two levels below the workspace").to_owned()
}

/// The text of a file, named by its path below the workspace.
fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names of all files with an ending, `/` between folders. What is built or downloaded is left out.
fn files(ending: &str) -> Vec<String> {
    const LEFT_OUT: [&str; 8] = ["target", "node_modules", ".git", ".venv", ".work", "runs", "report", "learned"];
    let root = root();
    let (mut folders, mut names) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_data = folder == root.join("datasets") && path.is_dir();
            // Another worktree or a data set may lie behind a link.
            if path.is_symlink() || LEFT_OUT.contains(&name.as_str()) && path.parent() != Some(&root.join("crates")) {
                continue;
            }
            if path.is_dir() && !is_data {
                folders.push(path);
            } else if name.ends_with(ending) {
                names.push(path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    names.sort();
    assert!(!names.is_empty(), "no {ending} file in {}", root.display());
    names
}

/// The keys of the tables of a manifest whose headers `is_wanted`, each with the rest of its line.
fn keys(manifest: &str, is_wanted: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    let mut header = "";
    for line in manifest.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            header = name;
        } else if is_wanted(header)
            && let Some(end) = line.find([' ', '.', '=']).filter(|_| !line.starts_with('#'))
        {
            keys.insert(line[..end].to_owned(), line[end..].to_owned());
        }
    }
    keys
}

/// The folders below `crates/`, which are the members of the workspace.
fn members() -> Vec<String> {
    let manifests = files("Cargo.toml").into_iter();
    let mut members: Vec<String> =
        manifests.filter_map(|name| Some(name.strip_prefix("crates/")?.split_once('/')?.0.to_owned())).collect();
    members.dedup();
    members
}

/// The crates from elsewhere, each with its users as ARCHITECTURE.md names them: members in the order of their names,
/// `tests of X` where X has the crate among its dev-dependencies only.
fn users_by_dependency() -> BTreeMap<String, String> {
    let outside = keys(&read("Cargo.toml"), |header| header == "workspace.dependencies");
    let outside = outside.into_iter().filter(|(_, value)| !value.contains("path ="));
    let mut users: BTreeMap<String, Vec<String>> = outside.map(|(name, _)| (name, Vec::new())).collect();
    for member in members() {
        let manifest = read(&format!("crates/{member}/Cargo.toml"));
        let is_normal = |header: &str| header.ends_with("dependencies") && !header.ends_with("dev-dependencies");
        let normal = keys(&manifest, is_normal);
        let dev = keys(&manifest, |header| header.ends_with("dev-dependencies"));
        for name in normal.keys() {
            users.get_mut(name).into_iter().for_each(|users| users.push(member.clone()));
        }
        for name in dev.keys().filter(|name| !normal.contains_key(*name)) {
            users.get_mut(name).into_iter().for_each(|users| users.push(format!("tests of {member}")));
        }
    }
    users.into_iter().map(|(name, users)| (name, users.join(", "))).collect()
}

/// The rows of the table below a header line of ARCHITECTURE.md, cells trimmed.
fn rows(header: &str) -> Vec<Vec<String>> {
    let text = read("ARCHITECTURE.md");
    let lines = text.lines().skip_while(|line| *line != header).skip(2).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows: Vec<Vec<String>> = lines.map(cells).collect();
    assert!(!rows.is_empty(), "ARCHITECTURE.md has no table {header}");
    rows
}

#[test]
fn the_dependency_table_says_what_the_manifests_say() {
    let expected = users_by_dependency();
    let mut found = BTreeMap::new();
    for row in rows("| crate | used by | why |") {
        for name in row[0].split(", ") {
            let earlier = found.insert(name.to_owned(), row[1].clone());
            assert_eq!(earlier, None, "{name} stands in the table twice");
        }
    }
    let only_in = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
        let differing = one.iter().filter(|(name, users)| other.get(*name) != Some(users));
        differing.map(|(name, users)| format!("| {name} | {users} |")).collect::<Vec<_>>().join("\n")
    };
    let (missing, wrong) = (only_in(&expected, &found), only_in(&found, &expected));
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "ARCHITECTURE.md, dependencies. The manifests say\n{missing}\nand the table says\n{wrong}"
    );
}

#[test]
fn the_map_has_a_row_for_each_crate() {
    let rows = rows("| crate | what it does | what it must never do |");
    let found: BTreeSet<String> = rows.into_iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    assert_eq!(found, members().into_iter().collect());
}

/// Whether a string of several lines begins at the end of a line of Rust.
fn begins_string(line: &str) -> bool {
    ["= \"", "(\"", "\"\\", "r#\""].iter().any(|end| line.ends_with(end))
}

/// Lines that may be longer: rows of tables and lines with a link, which Markdown cannot break; in Rust, code with a
/// string, lines inside a string of several lines, and files with `rustfmt::skip`. Comments have no exception but
/// links.
#[test]
fn no_line_is_too_wide() {
    let mut wide = Vec::new();
    let is_wide = |line: &str| line.chars().count() > MAX_COLUMNS;
    for name in files(".md") {
        for (at, line) in read(&name).lines().enumerate() {
            if is_wide(line) && !line.trim_start().starts_with('|') && !line.contains("](") && !line.contains("://") {
                wide.push(format!("{name}:{}", at + 1));
            }
        }
    }
    for name in files(".rs") {
        let text = read(&name);
        let is_laid_out_by_hand = text.contains("rustfmt::skip");
        let mut is_in_string = false;
        for (at, line) in text.lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            let is_free = is_laid_out_by_hand || is_in_string || line.contains('"');
            if is_wide(line) && if is_comment { !line.contains("://") } else { !is_free } {
                wide.push(format!("{name}:{}", at + 1));
            }
            is_in_string = if is_in_string { !line.contains('"') } else { begins_string(line) };
        }
    }
    assert!(wide.is_empty(), "wider than {MAX_COLUMNS} columns:\n{}", wide.join("\n"));
}

/// The lines of a document that are prose, numbered from 1: code blocks are left out.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        (!is_code && !is_fence).then_some((at + 1, line))
    })
}

/// Once, `just` failed in a folder with a blank in its path.
#[test]
fn recipes_quote_the_path_of_their_file() {
    let justfile = read("justfile");
    assert!(justfile.contains("{{quote(justfile())}}"));
    assert!(!justfile.contains("{{justfile()}}"), "expected {{{{quote(justfile())}}}}");
}

#[test]
fn links_lead_to_files() {
    let mut broken = Vec::new();
    for name in files(".md") {
        let folder = root().join(&name).parent().unwrap().to_owned();
        for (at, line) in prose(&read(&name)) {
            for link in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let path = link.split('#').next().unwrap_or_default();
                if !link.contains("://") && !link.starts_with("mailto:") && !folder.join(path).exists() {
                    broken.push(format!("{name}:{at}: {link}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn documents_use_the_words_of_the_glossary() {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut found = Vec::new();
    // The glossary names the words that are not used.
    for name in files(".md").into_iter().filter(|name| name != "docs/glossary.md") {
        for (at, line) in prose(&read(&name)) {
            let words = line.split(|c| !is_of_word(c)).map(str::to_lowercase);
            let banned = words.filter(|word| BANNED.split(' ').any(|banned| banned == word));
            found.extend(banned.map(|word| format!("{name}:{at}: {word}")));
        }
    }
    assert!(found.is_empty(), "docs/glossary.md has other words for these:\n{}", found.join("\n"));
}
