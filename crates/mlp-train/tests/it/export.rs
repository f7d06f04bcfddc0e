//! Exported networks against mlp-core: C by compiling and running it, ONNX and NumPy by what onnxruntime and numpy gave
//! for the same bytes.
//!
//! `tests/export/reference.json` holds the digests of the exported files and the probabilities that the outside
//! programs gave. To make it again: `EXPORT_REFERENCE=/some/folder cargo test -p mlp-train --test it export` writes the
//! files, then `python3 tests/export/reference.py /some/folder` (needs numpy and onnxruntime).

use std::path::{Path, PathBuf};
use std::process::Command;

use digit_model::to_layers;
use mlp_core::architecture::Architecture;
use mlp_core::calibration::softmax_at;
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::{Network, Workspace};
use mlp_core::random::{Purpose, Stream};
use mlp_train::export::{c_header, c_source, npz, onnx};
use serde_json::Value;
use stage_files::config::{ActivationName, Scale};
use stage_files::digest::sha256_hex;
use stage_files::model::Model;
use stage_files::scaling::Scaling;
use test_support::Test;

/// Rows that are compared.
const ROWS: usize = 300;
/// Largest difference between two probabilities.
const TOLERANCE: f32 = 1e-6;

const ACTIVATIONS: [ActivationName; 7] = [
    ActivationName::Identity,
    ActivationName::Sigmoid,
    ActivationName::Tanh,
    ActivationName::Relu,
    ActivationName::LeakyRelu,
    ActivationName::Selu,
    ActivationName::Gelu,
];

struct Case {
    name: String,
    model: Model,
    network: Network,
}

/// Every activation once, every rule of scaling, with and without inverting and temperature, with and without hidden
/// layers.
fn cases() -> Vec<Case> {
    let standard = |inputs: usize| {
        let mean = (0..inputs).map(|i| 100.0 + (i % 50) as f32).collect();
        Some((mean, (0..inputs).map(|i| 40.0 + (i % 9) as f32).collect()))
    };
    let mut cases: Vec<Case> = ACTIVATIONS
        .iter()
        .enumerate()
        .map(|(i, &name)| {
            let (scale, mean) = if i % 2 == 0 { (Scale::Unit, None) } else { (Scale::Standard, standard(100)) };
            let scaling = Scaling { scale, invert: i % 3 != 0, standard: mean };
            let temperature = if i % 2 == 0 { 1.0 } else { 1.7 };
            case(name.as_str(), 100, &[name, name], &[24, 17], scaling, temperature)
        })
        .collect();
    let raw = Scaling { scale: Scale::Raw, invert: false, standard: None };
    cases.push(case("no-hidden", 64, &[], &[], raw, 0.6));
    cases
}

fn case(
    name: &str,
    inputs: usize,
    activation: &[ActivationName],
    hidden: &[usize],
    scaling: Scaling,
    temperature: f32,
) -> Case {
    let labels: stage_files::LabelSet = "0,2-9".parse().unwrap();
    let activations: Vec<_> = activation.iter().map(|name| name.as_str().parse().unwrap()).collect();
    let shape = Architecture::new(inputs, hidden, &activations, labels.len()).unwrap();
    // Raw pixels are large; small weights keep their probabilities apart from 0 and 1.
    let init = if scaling.scale == Scale::Raw { Init::Normal { std: 5e-4 } } else { Init::LeCun };
    let mut network = Network::new(shape, init, &mut Stream::new(7, Purpose::Init));
    let depth = network.architecture().depth();
    for i in 0..depth {
        let (_, bias) = network.parameters_mut().layer_mut(i);
        bias.iter_mut().enumerate().for_each(|(at, bias)| *bias = (at % 5) as f32 / 20.0 - 0.1);
    }
    let model = Model {
        name: format!("case {name} */"),
        labels,
        activation: activation.to_vec(),
        scaling,
        temperature,
        picture: None,
        layers: to_layers(&network),
        detector: None,
        guarantee: None,
    };
    Case { name: name.to_owned(), model, network }
}

/// Pixels (ROWS, inputs) between black and white, many of them white as on paper.
fn pixels(inputs: usize) -> Vec<u8> {
    let mut stream = Stream::new(3, Purpose::Init);
    (0..ROWS * inputs).map(|_| if stream.below(3) == 0 { stream.below(256) as u8 } else { 255 }).collect()
}

/// Probabilities as digit-predict gives them.
fn expected(case: &Case, pixels: &[u8]) -> Vec<f32> {
    let (width, outputs) = (case.network.architecture().inputs(), case.network.architecture().outputs());
    let mut inputs: Vec<f32> = pixels.iter().map(|&value| f32::from(value)).collect();
    inputs.chunks_exact_mut(width).for_each(|row| case.model.scaling.apply(row));
    let mut probabilities = vec![0.0; ROWS * outputs];
    let mut workspace = Workspace::new(case.network.architecture(), ROWS, KernelPath::detect());
    workspace.logits(&case.network, &inputs, &mut probabilities);
    probabilities.chunks_exact_mut(outputs).for_each(|row| softmax_at(row, case.model.temperature));
    probabilities
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Reads pixels in bytes and writes the probabilities of both functions and the label, all as raw floats.
const MAIN: &str = r"
#include <stdio.h>
int main(void) {
    static unsigned char bytes[DIGIT_INPUTS];
    static float floats[DIGIT_INPUTS], p[DIGIT_OUTPUTS], q[DIGIT_OUTPUTS];
    int i;
    while (fread(bytes, 1, DIGIT_INPUTS, stdin) == DIGIT_INPUTS) {
        float label;
        for (i = 0; i < DIGIT_INPUTS; i++) floats[i] = bytes[i];
        label = (float)digit_predict(floats, p);
        if (label != (float)digit_predict_u8(bytes, q)) return 1;
        for (i = 0; i < DIGIT_OUTPUTS; i++) if (p[i] != q[i]) return 2;
        fwrite(p, sizeof(float), DIGIT_OUTPUTS, stdout);
        fwrite(&label, sizeof(float), 1, stdout);
    }
    return 0;
}
";

#[test]
fn the_c_file_compiles_without_a_warning_and_gives_the_same_probabilities() {
    #[expect(clippy::print_stderr, reason = "what is not tried must not be silent")]
    if std::process::Command::new("cc").arg("--version").output().is_err() {
        eprintln!("not tried: there is no C compiler `cc` on this machine");
        return;
    }
    let test = Test::new("cc");
    for case in cases() {
        test.write("digits.c", c_source(&case.model) + MAIN);
        test.run(&format!("-std=c99 -pedantic -Wall -Wextra -Werror -O1 -o {} digits.c", case.name)).status(0);
        let pixels = pixels(case.network.architecture().inputs());
        test.write("pixels", &pixels);
        let pixels_file = std::fs::File::open(test.at("pixels")).unwrap();
        let ran = Command::new(test.at(&case.name)).stdin(pixels_file).output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{}", case.name);
        let floats: Vec<f32> = ran.stdout.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        let outputs = case.network.architecture().outputs();
        assert_eq!(floats.len(), ROWS * (outputs + 1));
        let expected = expected(&case, &pixels);
        for (found, expected) in floats.chunks_exact(outputs + 1).zip(expected.chunks_exact(outputs)) {
            let difference = largest_difference(&found[..outputs], expected);
            assert!(difference <= TOLERANCE, "{}: {difference}", case.name);
            let class = mlp_core::loss::arg_max(&found[..outputs]);
            assert_eq!(found[outputs], f32::from(case.model.labels.digit_of(class).unwrap()));
        }
    }
}

/// Runs a compiler; what it says when it fails.
fn compile(compiler: &str, arguments: &[&str], files: &[&Path]) -> Result<(), String> {
    let output = Command::new(compiler).args(arguments).args(files).output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Whether a compiler is here; that it is not is said.
#[expect(clippy::print_stderr, reason = "what is not tried has to be said")]
fn has(compiler: &str) -> bool {
    let found = Command::new(compiler).arg("--version").output().is_ok();
    if !found {
        eprintln!("not tried: there is no compiler `{compiler}` on this machine");
    }
    found
}

const WARNINGS: [&str; 4] = ["-pedantic", "-Wall", "-Wextra", "-Werror"];

/// Names that closed the comment they stand in, or that compilers warn of.
#[test]
fn no_name_of_a_model_gets_into_the_code() {
    if !has("cc") {
        return;
    }
    let test = Test::new("cc");
    let (source, object) = (test.path().join("a.c"), test.path().join("a.o"));
    let evil = "int evil(void) { return 6; }";
    for opening in
        ["*/", "**//", "*\\\n/", "*\\\r\n/", "*\\ \n/", "*??/\n/", "\n*/\n", "\0*/", "\u{202e}*/", "/*", "\\"]
    {
        let mut model = cases().remove(3).model;
        model.name = format!("x {opening} {evil} /*");
        for standard in ["-std=c99", "-std=gnu17"] {
            std::fs::write(&source, c_source(&model)).unwrap();
            let arguments = [&[standard, "-trigraphs", "-c", "-o", object.to_str().unwrap()], &WARNINGS[..]].concat();
            compile("cc", &arguments, &[&source]).unwrap_or_else(|error| panic!("{opening:?}: {error}"));
            let bytes = std::fs::read(&object).unwrap();
            assert!(!bytes.windows(4).any(|window| window == b"evil"), "{opening:?}");
        }
    }
}

/// An object of C is linked with a program of C++ that includes the header, and the source is C++ as well.
#[test]
fn the_header_links_c_and_cpp() {
    if !has("cc") || !has("c++") {
        return;
    }
    let test = Test::new("cc");
    let at = |name: &str| test.path().join(name);
    let model = cases().remove(6).model;
    std::fs::write(at("digits.c"), c_source(&model)).unwrap();
    std::fs::write(at("digits.cpp"), c_source(&model)).unwrap();
    std::fs::write(at("digits.h"), c_header(&model)).unwrap();
    let main = "#include \"digits.h\"\n#include \"digits.h\"\n\
        int main() { static float x[DIGIT_INPUTS], p[DIGIT_OUTPUTS]; return digit_predict(x, p) > 9; }\n";
    std::fs::write(at("main.cpp"), main).unwrap();
    std::fs::write(at("main.c"), main.replace("main()", "main(void)")).unwrap();
    let object = |compiler: &str, standard: &str, from: &str, to: &str| {
        let path = at(to);
        let arguments = [&[standard, "-c", "-o", path.to_str().unwrap()], &WARNINGS[..]].concat();
        compile(compiler, &arguments, &[&at(from)]).unwrap_or_else(|error| panic!("{from}: {error}"));
    };
    object("cc", "-std=c99", "digits.c", "c.o");
    object("c++", "-std=c++11", "digits.cpp", "cpp.o");
    object("c++", "-std=c++17", "main.cpp", "main-cpp.o");
    object("cc", "-std=c99", "main.c", "main-c.o");
    for (main, digits) in [("main-cpp.o", "c.o"), ("main-cpp.o", "cpp.o"), ("main-c.o", "cpp.o"), ("main-c.o", "c.o")] {
        let program = at("program");
        compile("c++", &["-o", program.to_str().unwrap()], &[&at(main), &at(digits)])
            .unwrap_or_else(|error| panic!("{main} with {digits}: {error}"));
        assert_eq!(Command::new(&program).output().unwrap().status.code(), Some(0), "{main} with {digits}");
    }
}

/// Weights that overflow give no label in C either.
#[test]
fn sums_that_are_not_finite_give_no_label_in_c() {
    if !has("cc") {
        return;
    }
    let test = Test::new("cc");
    let (source, program) = (test.path().join("a.c"), test.path().join("a"));
    let main = "int main(void) { static float x[DIGIT_INPUTS], p[DIGIT_OUTPUTS]; int i, label; float most = 0.0f;\n\
        for (i = 0; i < DIGIT_INPUTS; i++) x[i] = (float)(i % 256);\n\
        label = digit_predict(x, p);\n\
        for (i = 0; i < DIGIT_OUTPUTS; i++) if (p[i] > most) most = p[i];\n\
        return label == -1 && most == 0.0f ? 0 : 1; }\n";
    let mut tried = 0;
    for case in cases() {
        for (infinite_at, bounded) in [(0, true), (1, false)] {
            let mut model = case.model.clone();
            let is_bounded = model.activation.iter().any(|name| ["sigmoid", "tanh"].contains(&name.as_str()));
            // The layer whose sums overflow, counted from the last: then come infinite outputs or, behind a hidden
            // layer, infinity less infinity.
            let Some(at) = (model.layers.len() - 1).checked_sub(infinite_at).filter(|_| bounded || !is_bounded) else {
                continue;
            };
            if let Some(before) = at.checked_sub(1) {
                model.layers[before].weight.fill(0.0);
                model.layers[before].bias.fill(5.0);
            }
            let outputs = model.layers[at].outputs;
            let signs = (0..).map(|i| if i % outputs % 2 == 0 { f32::MAX } else { -f32::MAX });
            model.layers[at].weight.iter_mut().zip(signs).for_each(|(weight, huge)| *weight = huge);
            std::fs::write(&source, c_source(&model) + main).unwrap();
            compile("cc", &["-std=c99", "-fsanitize=undefined", "-o", program.to_str().unwrap()], &[&source]).unwrap();
            let ran = Command::new(&program).output().unwrap();
            let stderr = String::from_utf8_lossy(&ran.stderr);
            assert_eq!((ran.status.code(), &*stderr), (Some(0), ""), "{} {infinite_at}", case.name);
            tried += 1;
        }
    }
    assert_eq!(tried, 8 + 5);
}

#[test]
fn onnxruntime_and_numpy_gave_the_same_probabilities_for_the_same_bytes() {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/reference.json");
    let folder = std::env::var_os("EXPORT_REFERENCE").map(PathBuf::from);
    let stored: Option<Value> = match folder {
        Some(_) => None,
        None => Some(serde_json::from_slice(&std::fs::read(stored).unwrap()).unwrap()),
    };
    for case in cases() {
        let (onnx, npz) = (onnx(&case.model), npz(&case.model).unwrap());
        let pixels = pixels(case.network.architecture().inputs());
        if let Some(folder) = &folder {
            std::fs::write(folder.join(format!("{}.onnx", case.name)), onnx).unwrap();
            std::fs::write(folder.join(format!("{}.npz", case.name)), npz).unwrap();
            std::fs::write(folder.join(format!("{}.u8", case.name)), pixels).unwrap();
            continue;
        }
        let stored = &stored.as_ref().unwrap()[&case.name];
        assert_eq!(stored["onnx_sha256"], sha256_hex(&onnx), "{}", case.name);
        assert_eq!(stored["npz_sha256"], sha256_hex(&npz), "{}", case.name);
        let expected = expected(&case, &pixels);
        for from in ["onnxruntime", "numpy"] {
            let outside: Vec<f32> = serde_json::from_value(stored[from].clone()).unwrap();
            // The first rows are stored; the script compares all.
            let difference = largest_difference(&outside, &expected[..outside.len()]);
            assert!(!outside.is_empty() && difference <= TOLERANCE, "{} {from}: {difference}", case.name);
        }
    }
}

#[test]
fn the_command_writes_what_is_asked_for_and_equal_models_give_equal_bytes() {
    let test = Test::new(env!("CARGO_BIN_EXE_mlp-train"));
    let case = cases().remove(3);
    test.write("model.safetensors", case.model.to_bytes().unwrap());
    test.run("export model.safetensors --onnx a.onnx --c a.c --npz a.npz --f16 a.safetensors").status(0);
    assert!(test.bytes("a.safetensors") == case.model.to_half_bytes().unwrap());
    assert!(test.bytes("a.onnx") == onnx(&case.model));
    assert_eq!(test.read("a.c"), c_source(&case.model));
    assert!(test.bytes("a.npz") == npz(&case.model).unwrap());
    assert_eq!(test.read("a.h"), c_header(&case.model));
    test.write("not.safetensors", "text");
    test.write("own.h", "int own(void);\n");
    test.make_folder("folder");
    for (line, part) in [
        ("export model.safetensors", "nothing to write"),
        ("export no/such/run --c b.c", "no such file or folder"),
        ("export model.safetensors --c no/such/b.c", "no such folder"),
        ("export model.safetensors --c folder/", "found a folder"),
        ("export model.safetensors --c b.h", "name the C source"),
        ("export model.safetensors --c own.c", "own.h: belongs beside"),
        ("export not.safetensors --npz b.npz", "cut short"),
    ] {
        test.run(line).status(2).stderr_has(&[part]);
    }
    assert!(!test.exists("own.c"));
    test.run("export --help").status(0).stdout_has(&["Example:"]);
}

/// The threshold that `digit-predict calibrate --error` has found goes along, where programs without a detector can use
/// one.
#[test]
fn exports_carry_the_guarantee() {
    let scaling = Scaling { scale: Scale::Unit, invert: true, standard: None };
    let mut model = case("sure", 16, &[], &[], scaling, 1.0).model;
    assert!(!c_header(&model).contains("DIGIT_ACCEPT"));
    model.guarantee = Some(stage_files::guarantee::Guarantee {
        error: 0.01,
        level: 0.95,
        threshold: 0.98,
        pictures: 900,
        accepted: 800,
        wrong: 1,
        writers: Some(12),
        probability_threshold: Some(0.97),
    });
    let header = c_header(&model);
    assert!(header.contains("#define DIGIT_ACCEPT 0.97f\n") && header.contains("at most 1 % are wrong"), "{header}");
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds(&onnx(&model), r#""probability_threshold":0.97"#));
    // Text in a NumPy archive has four bytes a letter.
    let wide: String = "probability_threshold".chars().flat_map(|c| [c, '\0', '\0', '\0']).collect();
    assert!(holds(&npz(&model).unwrap(), &wide));
}
