//! TensorBoard's event, as far as scalars and histograms need it: the messages of tensorflow/core/util/event.proto and
//! tensorflow/core/framework/summary.proto with their field numbers.

use prost::Message;
use stage_files::run::HistogramRow;

/// What a reader of event files expects to find first.
const VERSION: &str = "brain.Event:2";

/// What is known at a step.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Event {
    /// Seconds since 1970 in what TensorFlow writes.
    #[prost(double, tag = "1")]
    pub wall_time: f64,
    #[prost(int64, tag = "2")]
    pub step: i64,
    /// Only in the first event of a file.
    #[prost(string, optional, tag = "3")]
    pub file_version: Option<String>,
    #[prost(message, optional, tag = "5")]
    pub summary: Option<Summary>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Summary {
    #[prost(message, repeated, tag = "1")]
    pub value: Vec<Value>,
}

/// One of the two kinds of values.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Value {
    #[prost(string, tag = "1")]
    pub tag: String,
    #[prost(float, optional, tag = "2")]
    pub scalar: Option<f32>,
    #[prost(message, optional, tag = "5")]
    pub histogram: Option<Histogram>,
}

/// Counts of values between the limits of buckets.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Histogram {
    #[prost(double, tag = "1")]
    pub min: f64,
    #[prost(double, tag = "2")]
    pub max: f64,
    #[prost(double, tag = "3")]
    pub num: f64,
    #[prost(double, tag = "4")]
    pub sum: f64,
    #[prost(double, tag = "5")]
    pub sum_squares: f64,
    /// The upper limit of each bucket; the lower one is that of the bucket before it.
    #[prost(double, repeated, tag = "6")]
    pub bucket_limit: Vec<f64>,
    #[prost(double, repeated, tag = "7")]
    pub bucket: Vec<f64>,
}

impl Event {
    /// The first event of a file.
    pub(crate) fn version() -> Self {
        Self { file_version: Some(VERSION.into()), ..Self::default() }
    }

    pub(crate) fn scalar(&mut self, tag: &str, value: f64) {
        self.push(Value { tag: tag.into(), scalar: Some(value as f32), histogram: None });
    }

    pub(crate) fn histogram(&mut self, tag: String, row: &HistogramRow) {
        let (min, max, num) = (f64::from(row.min), f64::from(row.max), row.values as f64);
        let width = (max - min) / row.bins.len().max(1) as f64;
        let histogram = Histogram {
            min,
            max,
            num,
            sum: row.mean * num,
            sum_squares: (row.std * row.std + row.mean * row.mean) * num,
            bucket_limit: (1..=row.bins.len())
                .map(|i| if i == row.bins.len() { max } else { min + width * i as f64 })
                .collect(),
            bucket: row.bins.iter().map(|&count| count as f64).collect(),
        };
        self.push(Value { tag, scalar: None, histogram: Some(histogram) });
    }

    fn push(&mut self, value: Value) {
        self.summary.get_or_insert_default().value.push(value);
    }
}
