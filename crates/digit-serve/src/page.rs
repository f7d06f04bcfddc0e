//! The files of the page, compiled in. No other file is ever served.

use crate::reply::{Reply, bytes_reply};

const JS: &str = "text/javascript; charset=utf-8";

macro_rules! file {
    ($name:literal, $kind:expr) => {
        ($name, $kind, include_bytes!(concat!("../page/", $name)) as &[u8])
    };
}

/// Path below the root, type, bytes.
const FILES: &[(&str, &str, &[u8])] = &[
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

/// The file at a path below the root.
pub(crate) fn file(path: &str) -> Option<Reply> {
    if path.is_empty() {
        return Some(bytes_reply("text/html; charset=utf-8", include_bytes!("../page/index.html").as_slice()));
    }
    let (_, kind, bytes) = FILES.iter().find(|(name, ..)| *name == path)?;
    Some(bytes_reply(kind, *bytes))
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
