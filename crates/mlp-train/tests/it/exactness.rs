//! Equal inputs give equal bytes: again, on more threads, by every kernel path, alone or with others.

use mlp_core::kernels::KernelPath;
use serde_json::{Value, json};
use stage_files::digest::{ListingDigest, sha256_hex};
use test_support::assert_same_files;

use crate::{TRAIN, config, training};

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
        let test = training(kind.clone());
        test.run(TRAIN).status(0);
        let expected = test.files("runs");
        assert_eq!(expected.len(), 9, "{:?}", expected.keys());
        test.run("c.json --out again").status(0);
        assert!(test.files("again") == expected, "{kind}");
        for path in KernelPath::ALL {
            let name = path.name();
            let ended = test.command(&format!("c.json --out {name}")).env("MLP_KERNEL", name).run();
            if path.is_available() {
                ended.status(0);
                assert!(test.files(name) == expected, "{kind} on {name}");
            } else {
                ended.status(2).stderr_has(&["MLP_KERNEL", "lacks the instructions"]);
            }
        }
    }
    let test = training(json!({}));
    test.command(TRAIN).env("MLP_KERNEL", "mmx").run().status(2).stderr_has(&["MLP_KERNEL", "mmx"]);
}

#[test]
fn runs_are_the_same_on_one_thread_and_on_more_and_alone() {
    let test = training(json!({"seeds": [1, 2, 3]}));
    for (i, kind) in kinds().into_iter().enumerate() {
        config(&test, kind);
        test.rename("c.json", &format!("k{i}.json"));
    }
    let all = "k0.json k1.json k2.json k3.json --seeds 3";
    test.run(&format!("{all} --jobs 1 --out one")).status(0).stderr_has(&["12 runs done, in one"]);
    test.run(&format!("{all} --jobs 3 --out three")).status(0).stderr_has(&["12 runs done, in three"]);
    let expected = test.files("one");
    assert_eq!(expected.len(), 12 * 9);
    assert_same_files(&test.files("three"), &expected);
    test.run("k2.json --seeds 2,3 --out alone").status(0).stderr_has(&["2 runs done"]);
    for (name, bytes) in test.files("alone") {
        assert!(expected[&name] == bytes, "{name}");
    }
    // What is done is passed over, what is missing is made again.
    test.remove("one/k1/seed-2");
    test.run(&format!("{all} --jobs 2 --out one")).status(0).stderr_has(&["1 run done, 11 done before, in one"]);
    assert_same_files(&test.files("one"), &expected);
}

#[test]
fn a_large_run_is_the_same_with_and_without_helpers() {
    let large = json!({"hidden": [256, 256], "batch": 20, "epochs": 3, "validation": 0.2});
    let augmented = json!({"augment": {"shift_px": 1, "noise": 5}, "optimizer": {"adamw": {"lr": 0.01}}});
    let balanced = json!({"augment": {"shift_px": 1}, "balance": {"styles": 3}});
    for more in [json!({}), augmented, balanced] {
        let mut config = large.clone();
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let test = training(config);
        test.run("c.json --out alone --jobs 1").status(0);
        test.run("c.json --out helped --jobs 3").status(0);
        test.run("c.json --out two --jobs 3 --seeds 1,2").status(0);
        assert!(test.files("helped") == test.files("alone"), "{more}");
        assert_eq!(test.files("two").len(), 2 * test.files("alone").len());
    }
}

#[test]
fn the_summary_lists_every_run_in_order() {
    let test = training(json!({}));
    let ended = test.run("c.json --out runs --seeds 5,4 --summary list.jsonl --json");
    ended.status(0).stderr_has(&["2 runs done"]);
    assert_eq!(ended.json_lines().iter().map(|line| line["seed"].as_u64()).collect::<Vec<_>>(), [Some(5), Some(4)]);
    assert_eq!(test.read("list.jsonl"), ended.stdout);
    test.run("c.json --out runs --seeds 5,4 --quiet").status(0).stdout("").stderr("");
}

/// SHA-256 of the lines `{sha256}  {name}` of one short run's lock, which is empty, and of every file of it that does
/// not depend on time, as `sha256sum .lock FILE.. | sha256sum` prints it.
const DIGEST: &str = "5448bc82a471480a93b8f7782e337888ff11850141fdd454fd70783223be6fba";

#[test]
fn a_short_run_has_the_stored_digest() {
    let test = training(kinds().swap_remove(2));
    test.run(TRAIN).status(0);
    let mut listing = ListingDigest::default();
    listing.add(".lock", &sha256_hex(&test.bytes("runs/c/.lock")));
    for (name, bytes) in test.files("runs/c") {
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
