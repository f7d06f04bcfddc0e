//! Equal inputs give equal bytes: again, on more threads, by every kernel path, alone or with others.

mod common;

use common::{Place, ended};
use mlp_core::kernels::KernelPath;
use serde_json::{Value, json};
use stage_files::digest::{ListingDigest, sha256_hex};

/// Configs that between them use everything that has an influence on bits.
fn kinds() -> Vec<Value> {
    vec![
        json!({}),
        json!({"scale": "standard", "invert": true, "activation": ["gelu", "selu"], "init": "xavier",
               "optimizer": {"sgd": {"lr": 0.05, "momentum": 0.9, "nesterov": true, "weight_decay": 0.01,
                                     "schedule": {"cosine": {"floor": 0.1, "warmup": 1.5}}}}}),
        json!({"hidden": [33, 17, 5], "activation": "tanh", "dropout": [0.5, 0, 0.25], "label_smoothing": 0.1,
               "optimizer": {"adamw": {"lr": 0.01, "schedule": {"one_cycle": {}}}},
               "average": {"ema": {"decay": 0.95}}}),
        json!({"hidden": [9], "activation": "sigmoid", "average": {"swa": {"start": 0.5}}, "dropout": 0.3,
               "validation": 0.2, "optimizer": {"adamw": {"lr": 0.02, "schedule": {"step": {"every": 2}}}}}),
    ]
}

#[test]
fn runs_are_the_same_again_and_by_every_kernel_path() {
    for kind in kinds() {
        let place = Place::new(kind.clone());
        place.train().expect(0, &[]);
        let expected = place.files("runs");
        assert_eq!(expected.len(), 8, "{:?}", expected.keys());
        place.run(&["c.json", "--out", "again"]).expect(0, &[]);
        assert!(place.files("again") == expected, "{kind}");
        for path in KernelPath::ALL {
            let mut command = place.command(&["c.json", "--out", path.name()]);
            let ended = ended(command.env("MLP_KERNEL", path.name()));
            if path.is_available() {
                ended.expect(0, &[]);
                assert!(place.files(path.name()) == expected, "{kind} on {}", path.name());
            } else {
                ended.expect(2, &["MLP_KERNEL", "lacks the instructions"]);
            }
        }
    }
    let place = Place::new(json!({}));
    ended(place.command(&["c.json", "--out", "runs"]).env("MLP_KERNEL", "mmx")).expect(2, &["MLP_KERNEL", "mmx"]);
}

#[test]
fn runs_are_the_same_on_one_thread_and_on_more_and_alone() {
    let place = Place::new(json!({"seeds": [1, 2, 3]}));
    for (i, kind) in kinds().into_iter().enumerate() {
        place.config(kind);
        std::fs::rename(place.path().join("c.json"), place.path().join(format!("k{i}.json"))).unwrap();
    }
    let all = ["k0.json", "k1.json", "k2.json", "k3.json", "--seeds", "3", "--jobs"];
    place.run(&[&all[..], &["1", "--out", "one"]].concat()).expect(0, &["12 runs done, in one"]);
    place.run(&[&all[..], &["3", "--out", "three"]].concat()).expect(0, &["12 runs done, in three"]);
    let expected = place.files("one");
    assert_eq!(expected.len(), 12 * 8);
    assert!(place.files("three") == expected);
    place.run(&["k2.json", "--seeds", "2,3", "--out", "alone"]).expect(0, &["2 runs done"]);
    for (name, bytes) in place.files("alone") {
        assert!(expected[&name] == bytes, "{name}");
    }
    // What is done is passed over, what is missing is made again.
    std::fs::remove_dir_all(place.path().join("one/k1/seed-2")).unwrap();
    place.run(&[&all[..], &["2", "--out", "one"]].concat()).expect(0, &["1 runs done, 11 were done before, in one"]);
    assert!(place.files("one") == expected);
}

#[test]
fn a_large_run_is_the_same_with_and_without_helpers() {
    let large = json!({"hidden": [256, 256], "batch": 20, "epochs": 3, "validation": 0.2});
    let augmented = json!({"augment": {"shift_px": 1, "noise": 5}, "optimizer": {"adamw": {"lr": 0.01}}});
    let balanced = json!({"augment": {"shift_px": 1}, "balance": {"styles": 3}});
    for more in [json!({}), augmented, balanced] {
        let mut config = large.clone();
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let place = Place::new(config);
        place.run(&["c.json", "--out", "alone", "--jobs", "1"]).expect(0, &[]);
        place.run(&["c.json", "--out", "helped", "--jobs", "3"]).expect(0, &[]);
        place.run(&["c.json", "--out", "two", "--jobs", "3", "--seeds", "1,2"]).expect(0, &[]);
        assert!(place.files("helped") == place.files("alone"), "{more}");
        assert_eq!(place.files("two").len(), 2 * place.files("alone").len());
    }
}

#[test]
fn the_summary_lists_every_run_in_order() {
    let place = Place::new(json!({}));
    let ended = place.run(&["c.json", "--out", "runs", "--seeds", "5,4", "--summary", "list.jsonl", "--json"]);
    ended.expect(0, &["2 runs done"]);
    let lines: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["seed"].as_u64()).collect::<Vec<_>>(), [Some(5), Some(4)]);
    assert_eq!(place.read("list.jsonl"), ended.stdout);
    let quiet = place.run(&["c.json", "--out", "runs", "--seeds", "5,4", "--quiet"]);
    assert_eq!((quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()), (Some(0), "", ""));
}

/// SHA-256 of the lines `{sha256}  {name}` of every file of one short run, as `sha256sum * | sha256sum` prints it.
const DIGEST: &str = "69f5836f19885a8d33e4a91b06ea64097d870ea08d16915de88a5fed0054dabb";

#[test]
fn a_short_run_has_the_stored_digest() {
    let place = Place::new(kinds().swap_remove(2));
    place.train().expect(0, &[]);
    let mut listing = ListingDigest::default();
    for (name, bytes) in place.files("runs/c") {
        listing.add(&name, &sha256_hex(&bytes));
    }
    let (digest, files) = listing.finish();
    assert_eq!(
        digest, DIGEST,
        "{files} files: a run no longer gives the bytes it gave when this digest was stored. If the order of a sum, a \
         file's layout or the program's version was changed on purpose, put the new digest here and say so in \
         CHANGELOG.md; if not, this machine or this build computes something else"
    );
}
