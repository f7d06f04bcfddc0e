//! The page as one file: style, modules and WebAssembly stand inside it, and it asks for nothing, so that it works from
//! a disk, without a server and without a network.
//!
//! Modules in the same file cannot import each other by paths. So each is a `data:` address in an import map, under a
//! name such as `digits/js/draw.js`.

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::files::{FILES, INDEX, PageFile};

/// What takes the place of `js/server.js`.
const BACKEND: &str = include_str!("../page/one-file/backend.js");
/// The worker, which runs the WebAssembly.
const WORKER: &str = include_str!("../page/one-file/worker.js");

/// The page may run what stands inside it, and nothing else, and send nothing anywhere.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' data: blob:; worker-src blob:; \
                      style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

/// The page with the WebAssembly of `digit-wasm`, packed by gzip, and a model file. `mlp-train export --html` puts
/// another model into the element with the id `model`.
///
/// # Errors
/// When a part of the page is not where it is expected, which the tests rule out.
pub fn one_file(wasm_gz: &[u8], model: &[u8]) -> anyhow::Result<String> {
    let text = |name: &str| {
        let file = FILES.iter().find(|file| file.name == name);
        file.map(|file| String::from_utf8_lossy(file.bytes)).with_context(|| format!("no file {name}"))
    };
    let data = |kind: &str, bytes: &[u8]| format!("data:{kind};base64,{}", STANDARD.encode(bytes));
    let icon = data("image/svg+xml", text("icon.svg")?.as_bytes());
    let imports: Map<String, Value> = FILES
        .iter()
        .filter(|file| file.name.ends_with(".js"))
        .map(|file| Ok((key(file.name), data("text/javascript", module(file)?.as_bytes()).into())))
        .collect::<anyhow::Result<_>>()?;
    let parts = [
        format!(r#"<script type="text/plain" id="model">{}</script>"#, STANDARD.encode(model)),
        format!(r#"<script type="text/plain" id="wasm">{}</script>"#, STANDARD.encode(wasm_gz)),
        format!(r#"<script type="text/plain" id="worker">{}</script>"#, STANDARD.encode(WORKER)),
        format!(r#"<script type="importmap">{}</script>"#, serde_json::json!({ "imports": imports })),
        format!(r#"<script type="module">import "{}";</script>"#, key("js/main.js")),
    ];
    let mut page = String::from_utf8_lossy(INDEX.bytes).into_owned();
    for (from, to) in [
        (r#"<meta charset="utf-8">"#, {
            format!("<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")
        }),
        (r#"<link rel="icon" href="icon.svg">"#, format!(r#"<link rel="icon" href="{icon}">"#)),
        (r#"<link rel="stylesheet" href="page.css">"#, format!("<style>\n{}</style>", text("page.css")?)),
        (r#"<script type="module" src="js/main.js"></script>"#, String::new()),
        ("</body>", format!("{}\n</body>", parts.join("\n"))),
    ] {
        ensure!(page.matches(from).count() == 1, "expected {from} once in the page");
        page = page.replace(from, &to);
    }
    Ok(page)
}

/// The name of a module in the import map.
fn key(name: &str) -> String {
    format!("digits/{name}")
}

/// A module whose imports are names of the import map.
fn module(file: &PageFile) -> anyhow::Result<String> {
    let source = if file.name == "js/server.js" { BACKEND.into() } else { String::from_utf8_lossy(file.bytes) };
    let mut parts = source.split(" from \"");
    let mut module = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (path, rest) = part.split_once('"').with_context(|| format!("{}: an import without end", file.name))?;
        let name = match path.strip_prefix("./") {
            Some(beside) => format!("js/{beside}"),
            None => path.strip_prefix("../").unwrap_or(path).to_owned(),
        };
        ensure!(FILES.iter().any(|file| file.name == name), "{} imports {path}, which is no module", file.name);
        module += &format!(" from \"{}\"{rest}", key(&name));
    }
    Ok(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stands_inside_and_nothing_is_asked_for() {
        let page = one_file(b"wasm", b"model").unwrap();
        for asks in ["src=\"js", "href=\"page.css", "href=\"icon", "http://", "https://"] {
            assert!(!page.contains(asks), "{asks}");
        }
        assert_eq!(page.matches(r#"<script type="text/plain" id="model">bW9kZWw=</script>"#).count(), 1);
        assert!(page.contains(r#"id="wasm">d2FzbQ==<"#));
    }

    #[test]
    fn imports_are_names_of_the_map() {
        for file in FILES.iter().filter(|file| file.name.starts_with("js/")) {
            let module = module(file).unwrap();
            assert!(!module.contains("from \"./") && !module.contains("from \"../"), "{}", file.name);
        }
        let draw = FILES.iter().find(|file| file.name == "js/draw.js").unwrap();
        assert!(module(draw).unwrap().contains(r#"import { AnswerView } from "digits/js/answer.js";"#));
    }

    /// A name that one of them has and the other has not would be missing in one of the two pages only.
    #[test]
    fn the_backend_exports_what_the_server_module_does() {
        let names = |source: &str| -> Vec<String> {
            let words = source.lines().filter_map(|line| line.strip_prefix("export "));
            let name = |line: &str| {
                let word = line.split_whitespace().find(|word| !["const", "class", "async", "function"].contains(word));
                word.unwrap_or_default().split(['(', '=']).next().unwrap_or_default().to_owned()
            };
            let mut names: Vec<String> = words.map(name).collect();
            names.sort();
            names
        };
        let server = FILES.iter().find(|file| file.name == "js/server.js").unwrap();
        assert_eq!(names(&String::from_utf8_lossy(server.bytes)), names(BACKEND));
    }
}
