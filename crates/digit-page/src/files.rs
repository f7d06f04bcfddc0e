//! The files of the page, compiled in.

const JS: &str = "text/javascript; charset=utf-8";

macro_rules! file {
    ($name:literal, $kind:expr) => {
        PageFile { name: $name, kind: $kind, bytes: include_bytes!(concat!("../page/", $name)) }
    };
}

/// A file of the page.
#[derive(Clone, Copy, Debug)]
pub struct PageFile {
    /// Path below the root; the page itself has none.
    pub name: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// The page itself.
pub static INDEX: PageFile =
    PageFile { name: "", kind: "text/html; charset=utf-8", bytes: include_bytes!("../page/index.html") };

/// What the page loads.
pub static FILES: &[PageFile] = &[
    file!("page.css", "text/css; charset=utf-8"),
    file!("icon.svg", "image/svg+xml"),
    file!("js/main.js", JS),
    file!("js/answer.js", JS),
    file!("js/collect.js", JS),
    file!("js/draw.js", JS),
    file!("js/dom.js", JS),
    file!("js/drawing.js", JS),
    file!("js/pad.js", JS),
    file!("js/server.js", JS),
    file!("js/store.js", JS),
    file!("js/tabs.js", JS),
    file!("js/teach.js", JS),
    file!("js/texts.js", JS),
    file!("js/texts.en.js", JS),
    file!("js/texts.ko.js", JS),
    file!("vendor/client-zip.js", JS),
];

/// The file at a path below the root; nothing else is ever served.
pub fn file(path: &str) -> Option<PageFile> {
    if path.is_empty() { Some(INDEX) } else { FILES.iter().find(|file| file.name == path).copied() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module that is not in the list would be missing only in the browser.
    #[test]
    fn every_file_of_the_page_is_served() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
        for folder in ["", "js", "vendor"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                let is_served = entry.path().is_file() && path != "index.html" && !name.ends_with(".txt");
                assert_eq!(file(&path).is_some(), is_served, "{path}");
            }
        }
        assert!(file("").is_some() && file("../src/lib.rs").is_none() && file("index.html").is_none());
    }
}
