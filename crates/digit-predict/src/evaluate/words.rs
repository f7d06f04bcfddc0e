//! What the page of an evaluation says, in each of its languages: a function a sentence, so that none can be missing in
//! one of them. Names are the same in all, and so are the reasons of rejected files, which the command prints, too.

use stage_files::guarantee::Guarantee;
use stage_files::labels::LabelSet;
use stage_page::Lang;
use stage_page::format::{capitalised, counted};

use crate::guarantee::{percent, promise};

fn pictures(lang: Lang, count: usize) -> String {
    lang.pick(counted(count, "picture"), format!("그림 {count}개"))
}

pub(super) fn title(lang: Lang, model: &str, folder: &str) -> String {
    lang.pick(format!("{model} on {folder}"), format!("평가: {model}, {folder}"))
}

/// The built-in network has no name of its own.
pub(super) fn built_in(lang: Lang, version: u32) -> String {
    lang.pick(format!("built-in network, version {version}"), format!("내장 신경망, 버전 {version}"))
}

pub(super) fn accuracy(lang: Lang, accuracy: f64, correct: u64, all: u64) -> String {
    let of = pictures(lang, all as usize);
    lang.pick(
        format!("Accuracy {accuracy:.3}: {correct} of {of} are predicted correctly."),
        format!("정확도 {accuracy:.3}: {of} 중 {correct}개를 맞혔습니다."),
    )
}

pub(super) fn interval_over_pictures(lang: Lang, interval: &str) -> String {
    lang.pick(
        format!("95 % interval {interval} over other pictures of these writers."),
        format!("95 % 신뢰구간 {interval}, 같은 사람들이 쓴 다른 그림 기준입니다."),
    )
}

/// Answers below a confidence are refused; so many of the others are wrong.
pub(super) fn refused(lang: Lang, (refused, all): (u64, u64), least: f32, (accepted, wrong): (u64, u64)) -> String {
    let share = if accepted > 0 { percent(wrong as f64 / accepted as f64) } else { "-".to_owned() };
    lang.pick(
        format!(
            "{refused} of {all} answers have a confidence below {least} and are refused. Of the other {accepted}, \
             {wrong} are wrong ({share})."
        ),
        format!(
            "답 {all}개 중 {refused}개는 신뢰도가 {least}보다 낮아 거절합니다. 나머지 {accepted}개 중 {wrong}개가 틀렸습니다({share})."
        ),
    )
}

/// What a guarantee promises.
pub(super) fn guaranteed(lang: Lang, guarantee: &Guarantee) -> String {
    let (level, error) = (percent(guarantee.level), percent(guarantee.error));
    let (threshold, pictures) = (guarantee.threshold, guarantee.pictures);
    let of = match guarantee.writers {
        Some(writers) => format!("쓴 사람 {writers}명의 그림 {pictures}개"),
        None => format!("이 사람들이 쓴 그림 {pictures}개"),
    };
    lang.pick(
        format!("{}.", capitalised(&promise(guarantee))),
        format!(
            "신뢰도가 {threshold} 이상인 답 가운데 틀린 것은 많아야 {error}입니다(신뢰 수준 {level}). {of}로 측정했으며, 그와 비슷한 그림에 해당합니다."
        ),
    )
}

/// The pairs that are confused most: label, prediction, how often.
pub(super) fn most_confused(lang: Lang, mistakes: &[(u8, u8, u64)]) -> String {
    let one = |(label, predicted, count): &(u8, u8, u64)| {
        lang.pick(format!("{label} as {predicted} ({count})"), format!("레이블 {label}, 예측 {predicted} ({count}번)"))
    };
    let all = mistakes.iter().map(one).collect::<Vec<_>>().join(lang.pick(", ", "; "));
    lang.pick(format!("Most confused: {all}."), format!("가장 많이 헷갈린 것: {all}."))
}

pub(super) fn rejected_files(lang: Lang, count: u64) -> String {
    lang.pick(format!("Rejected: {}.", counted(count as usize, "file")), format!("쓸 수 없는 파일: {count}개."))
}

/// Pictures of digits that the model does not know, and how many of their answers are refused.
pub(super) fn unknown(lang: Lang, unknown: u64, refused: u64, labels: &LabelSet) -> String {
    let of = pictures(lang, unknown as usize);
    lang.pick(
        format!(
            "{of} of digits that the model does not know are not counted. It knows {labels}. {refused} of these \
             answers are refused."
        ),
        format!(
            "모델이 모르는 숫자의 {of}는 세지 않았습니다. 모델이 아는 숫자: {labels}. 이 그림들에 대한 답 중 {refused}개를 거절합니다."
        ),
    )
}

/// The headings of the sections.
pub(super) struct Headings {
    pub(super) by_label: &'static str,
    pub(super) misclassified: &'static str,
    pub(super) calibration: &'static str,
    pub(super) by_writer: &'static str,
    pub(super) rejected: &'static str,
}

pub(super) fn headings(lang: Lang) -> Headings {
    lang.pick(
        Headings {
            by_label: "By label",
            misclassified: "Misclassified",
            calibration: "Calibration",
            by_writer: "By writer",
            rejected: "Rejected",
        },
        Headings {
            by_label: "레이블별",
            misclassified: "오분류",
            calibration: "보정",
            by_writer: "쓴 사람별",
            rejected: "쓸 수 없는 파일",
        },
    )
}

pub(super) fn confusion_matrix(lang: Lang) -> &'static str {
    lang.pick("Confusion matrix", "혼동 행렬")
}

/// Caption and columns of the table of labels; `#` marks a column of numbers.
pub(super) fn label_table(lang: Lang) -> (&'static str, [&'static str; 7]) {
    lang.pick(
        (
            "Predictions by label",
            ["label", "#pictures", "#correct", "#recall", "#95 % interval over pictures", "#precision", "#F1"],
        ),
        ("레이블별 예측", ["레이블", "#그림", "#맞힌 것", "#재현율", "#95 % 신뢰구간(그림 기준)", "#정밀도", "#F1"]),
    )
}

pub(super) fn about_misclassified(lang: Lang) -> &'static str {
    lang.pick(
        "The pictures as the network saw them, those with the highest confidence first. A wrong answer with a high \
         confidence is often a wrong label.",
        "신경망이 본 그대로의 그림이며, 신뢰도가 높은 것부터 나옵니다. 신뢰도가 높은데 틀렸다면 레이블이 잘못된 경우가 많습니다.",
    )
}

/// So many pictures of a label are predicted as another; `shown` of them are on the page, if not all.
pub(super) fn predicted_as(lang: Lang, (label, predicted): (u8, u8), count: usize, shown: Option<usize>) -> String {
    let of = pictures(lang, count);
    let part = shown.map_or_else(String::new, |shown| {
        lang.pick(format!(", {shown} of them here"), format!(", 그중 {shown}개를 보입니다"))
    });
    lang.pick(
        format!("{label} predicted as {predicted}: {of}{part}"),
        format!("레이블 {label}, 예측 {predicted}: {of}{part}"),
    )
}

/// Caption and columns of the table of probabilities.
pub(super) fn calibration_table(lang: Lang) -> (&'static str, [&'static str; 5]) {
    lang.pick(
        (
            "Predictions by the probability of their label",
            ["probability", "#pictures", "#mean probability", "#share that is right", "#95 % interval over pictures"],
        ),
        ("예측한 레이블의 확률별 예측", ["확률", "#그림", "#평균 확률", "#맞은 비율", "#95 % 신뢰구간(그림 기준)"]),
    )
}

pub(super) fn about_calibration(lang: Lang, error: f64) -> String {
    let error = percent(error);
    lang.pick(
        format!(
            "Of the answers with probability 0.9, 90 of 100 should be right. The expected calibration error is \
             {error}: the mean distance of the points from the diagonal."
        ),
        format!(
            "확률이 0.9인 답은 100개 중 90개가 맞아야 합니다. 기대 보정 오차는 {error}입니다. 점들이 대각선에서 떨어진 평균 거리입니다."
        ),
    )
}

pub(super) fn calibration_curve(lang: Lang) -> &'static str {
    lang.pick("Calibration curve", "보정 곡선")
}

/// Caption and columns of the table of writers.
pub(super) fn writer_table(lang: Lang) -> (&'static str, [&'static str; 5]) {
    lang.pick(
        (
            "Accuracy by writer, the lowest first",
            ["writer", "#pictures", "#correct", "#accuracy", "#95 % interval over pictures"],
        ),
        ("쓴 사람별 정확도, 낮은 것부터", ["쓴 사람", "#그림", "#맞힌 것", "#정확도", "#95 % 신뢰구간(그림 기준)"]),
    )
}

/// Caption and columns of the table of rejected files.
pub(super) fn rejected_table(lang: Lang) -> (&'static str, [&'static str; 2]) {
    lang.pick(("Files that could not be used", ["file", "reason"]), ("쓸 수 없는 파일", ["파일", "이유"]))
}

/// Behind the caption of a table that has the first rows alone; a file has all.
pub(super) fn first_rows(lang: Lang, most: usize, all: usize, file: &str) -> String {
    lang.pick(
        format!(" ({most} of {all}; {file} has all)"),
        format!(" ({all}개 가운데 처음 {most}개. 전부는 {file} 파일에 있습니다)"),
    )
}
