//! `POST /predict`: one picture as the body, or many as JSON.
//!
//! ```text
//! curl --data-binary @scan.png http://127.0.0.1:8017/predict
//! {"label":7,"probabilities":{"0":0.0,..,"7":0.998,..},"confidence":0.99,"refused":false,"error":null}
//!
//! {"pictures": ["iVBORw0KGgo..", ".."]}       Content-Type: application/json; each is a file in Base64
//! {"answers": [{"label":7,..}, {"label":null,..,"error":"no ink: .."}]}
//! ```

use std::borrow::Cow;

use hyper::body::Bytes;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use stage_files::answer::{Answer, AnswerKeys, Prediction};

use crate::model::InUse;
use crate::picture::decoded;
use crate::reply::{Fault, Reply, json_reply};
use crate::server::Server;

/// Pictures in one request.
const MAX_PICTURES: usize = 10_000;
/// Pictures that one thread takes through the network at a time.
const TASK: usize = 32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Many<'a> {
    #[serde(borrow)]
    pictures: Vec<Text<'a>>,
}

/// A string that is copied only if it has escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Serialize)]
struct Answers<'a> {
    answers: Vec<AnswerKeys<'a>>,
}

/// The answer for a body that is a picture.
///
/// # Errors
/// A [`Fault`] when the body is empty.
pub(crate) fn one(server: &Server, bytes: &Bytes) -> Result<Reply, Fault> {
    if bytes.is_empty() {
        return Err(Fault::bad("expected a picture as the body, found nothing"));
    }
    let in_use = server.in_use();
    let mut predicted = of_pictures(&in_use, &[Ok(bytes.to_vec())])?;
    server.count(1);
    let predicted = predicted.pop().unwrap_or_else(|| Err("no prediction".to_owned()));
    json_reply(&Answer::of(predicted, server.min_confidence).keys(in_use.model.labels()))
}

/// The answers for a body that lists pictures.
///
/// # Errors
/// A [`Fault`] when the body is not as described.
pub(crate) fn many(server: &Server, bytes: &Bytes) -> Result<Reply, Fault> {
    let expected = "expected {\"pictures\": [BASE64, ..]}";
    let many: Many<'_> =
        serde_json::from_slice(bytes).map_err(|error| Fault::bad(format!("{expected}, found a fault: {error}")))?;
    if many.pictures.len() > MAX_PICTURES {
        return Err(Fault::bad(format!("{} pictures; send at most {MAX_PICTURES} at a time", many.pictures.len())));
    }
    let in_use = server.in_use();
    let predict = |texts: &[Text<'_>]| {
        let pictures: Vec<Result<Vec<u8>, String>> = texts.iter().map(|text| decoded(&text.0)).collect();
        of_pictures(&in_use, &pictures)
    };
    let predicted: Vec<Vec<Result<Prediction, String>>> =
        many.pictures.par_chunks(TASK).map(predict).collect::<Result<_, Fault>>()?;
    server.count(many.pictures.len());
    let (labels, least) = (in_use.model.labels(), server.min_confidence);
    let answers: Vec<Answer> = predicted.into_iter().flatten().map(|predicted| Answer::of(predicted, least)).collect();
    json_reply(&Answers { answers: answers.iter().map(|answer| answer.keys(labels)).collect() })
}

/// Predictions for picture files, in their order. The usable ones go through the network together.
fn of_pictures(in_use: &InUse, pictures: &[Result<Vec<u8>, String>]) -> Result<Vec<Result<Prediction, String>>, Fault> {
    let mut pixels = Vec::new();
    let prepare = |picture: &Result<Vec<u8>, String>| {
        let prepared = in_use.model.prepare(picture.as_ref().map_err(String::clone)?)?;
        pixels.extend(prepared);
        Ok(())
    };
    let prepared: Vec<Result<(), String>> = pictures.iter().map(prepare).collect();
    let mut predicted = in_use.model.predict(&pixels).map_err(|error| Fault::inside(&error))?.into_iter();
    let missing = || Err("no prediction".to_owned());
    Ok(prepared.into_iter().map(|prepared| prepared.and_then(|()| predicted.next().unwrap_or_else(missing))).collect())
}
