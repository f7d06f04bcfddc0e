//! Event files as TensorBoard reads them: frames with their checksums, and the values of the run folders.

use std::collections::BTreeMap;

use prost::Message;
use stage_files::run::{HistogramKind, HistogramRow, TimingRow, histograms_csv, timing_csv};
use test_support::RunFolder;

use crate::test;

const REPORT: &str = "runs --out out --tensorboard events";
const EVENTS: &str = "events.out.tfevents.0.mlp-report";

/// The fields of an event that are looked at, by their numbers in TensorFlow's event.proto and summary.proto.
#[derive(Clone, PartialEq, Message)]
struct Event {
    #[prost(double, tag = "1")]
    wall_time: f64,
    #[prost(int64, tag = "2")]
    step: i64,
    #[prost(string, tag = "3")]
    file_version: String,
    #[prost(message, optional, tag = "5")]
    summary: Option<Summary>,
}

#[derive(Clone, PartialEq, Message)]
struct Summary {
    #[prost(message, repeated, tag = "1")]
    value: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
struct Value {
    #[prost(string, tag = "1")]
    tag: String,
    #[prost(float, tag = "2")]
    scalar: f32,
    #[prost(message, optional, tag = "5")]
    histogram: Option<Histogram>,
}

#[derive(Clone, PartialEq, Message)]
struct Histogram {
    #[prost(double, tag = "3")]
    num: f64,
    #[prost(double, tag = "5")]
    sum_squares: f64,
    #[prost(double, repeated, tag = "6")]
    bucket_limit: Vec<f64>,
    #[prost(double, repeated, tag = "7")]
    bucket: Vec<f64>,
}

/// CRC-32C bit by bit (polynomial 0x1EDC6F41, reflected), masked as TFRecord files have it.
fn masked_crc(data: &[u8]) -> u32 {
    let mut crc = !0u32;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 };
        }
    }
    (!crc).rotate_right(15).wrapping_add(0xa282_ead8)
}

fn decode(mut rest: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let number = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        assert_eq!(number(&rest[8..12]), masked_crc(&rest[..8]));
        let data = &rest[12..12 + length];
        assert_eq!(number(&rest[12 + length..16 + length]), masked_crc(data));
        events.push(Event::decode(data).unwrap());
        rest = &rest[16 + length..];
    }
    events
}

#[test]
fn event_files_hold_what_the_run_folders_hold() {
    let test = test();
    RunFolder::new("good", 1, 30, 3).write(&test, "runs/good/seed-1");
    RunFolder::new("good", 2, 30, 4).write(&test, "runs/good/seed-2");
    let timing: Vec<TimingRow> =
        (1..=20).map(|epoch| TimingRow { epoch, elapsed_s: 0.25 * f64::from(epoch) }).collect();
    test.write("runs/good/seed-1/timing.csv", timing_csv(&timing).unwrap());
    let spread = HistogramRow {
        epoch: 20,
        kind: HistogramKind::Activation,
        layer: 2,
        values: 7,
        zeros: 3,
        min: 0.0,
        max: 4.0,
        mean: 1.0,
        std: 2.0,
        bins: vec![3, 0, 3, 1],
    };
    let start = HistogramRow { epoch: 0, kind: HistogramKind::Weight, ..spread.clone() };
    test.write("runs/good/seed-1/histograms.csv", histograms_csv(&[start, spread]).unwrap());

    test.run(REPORT).status(0);
    let [first, second] = ["seed-1", "seed-2"].map(|seed| format!("events/good/{seed}/{EVENTS}"));
    let before = test.bytes(&first);
    let events = decode(&before);
    assert_eq!((events[0].file_version.as_str(), events[0].step), ("brain.Event:2", 0));
    // The version, the start, and 20 epochs.
    assert_eq!(
        events.iter().map(|event| event.step).collect::<Vec<_>>(),
        [0, 0].into_iter().chain(1..=20).collect::<Vec<_>>()
    );
    let values = |event: &Event| -> BTreeMap<String, Value> {
        event.summary.iter().flat_map(|s| &s.value).map(|value| (value.tag.clone(), value.clone())).collect()
    };
    assert_eq!(values(&events[1]).keys().collect::<Vec<_>>(), ["weight/layer_2"]);
    let third = values(&events[4]);
    assert_eq!(third.keys().collect::<Vec<_>>(), ["accuracy/train", "learning_rate", "loss/train"]);
    assert_eq!((events[4].wall_time, third["loss/train"].scalar), (0.75, 0.5));
    let last = values(&events[21]);
    assert_eq!((last["accuracy/test"].scalar, last["loss/test"].scalar), (0.9, 0.5));
    let histogram = last["activation/layer_2"].histogram.as_ref().unwrap();
    assert_eq!((histogram.num, histogram.sum_squares), (7.0, 35.0));
    assert_eq!(
        (&histogram.bucket_limit[..], &histogram.bucket[..]),
        (&[1.0, 2.0, 3.0, 4.0][..], &[3.0, 0.0, 3.0, 1.0][..])
    );

    // Again there is nothing to do; a run that is gone takes its events with it.
    test.run(REPORT).status(0).stderr_has(&["2 event files up to date"]);
    test.remove("runs/good/seed-2");
    test.run(REPORT).status(0).stderr_has(&["1 event file written"]);
    assert!(!test.exists(&second) && test.bytes(&first) == before);
}

#[test]
fn event_files_are_not_put_among_the_runs_or_strange_files() {
    let test = test();
    RunFolder::new("good", 1, 30, 3).write(&test, "runs/good");
    test.run("runs --out out --tensorboard runs/events").status(2).stderr_has(&["lies inside, the input runs"]);
    test.write("mine/letter.txt", "dear");
    test.run("runs --out out --tensorboard mine").status(2).stderr_has(&["letter.txt"]);
}

/// Such a run has a `metrics.csv` and a `timing.csv` of 0 bytes, as mlp-train writes them.
#[test]
fn a_run_that_diverged_in_its_first_epoch_has_events_without_scalars() {
    let test = test();
    RunFolder::new("good", 1, 30, 3).write(&test, "runs/good");
    let mut lost = RunFolder::new("lost", 1, 30, 3);
    (lost.has_diverged, lost.epochs, lost.zero_loss_epoch) = (true, 0, None);
    lost.write(&test, "runs/lost");
    test.write("runs/lost/timing.csv", "");
    assert_eq!(test.read("runs/lost/metrics.csv"), "");

    test.run(REPORT).status(0).stderr_has(&["2 event files written"]);
    assert_eq!(decode(&test.bytes(&format!("events/lost/{EVENTS}"))).len(), 1);
    assert_eq!(decode(&test.bytes(&format!("events/good/{EVENTS}"))).len(), 21);
    test.run("runs --out plain").status(0);
    for file in ["index.html", "tables.md", "results.csv", "results.json", "experiments.csv", "comparisons.csv"] {
        assert_eq!(test.read(&format!("out/{file}")), test.read(&format!("plain/{file}")), "{file}");
    }
    // Where epochs were trained, empty metrics are damage as before.
    test.write("runs/good/metrics.csv", "");
    test.run(REPORT).status(1).stderr_has(&["good: left out: damaged", "1 event file"]);
}
