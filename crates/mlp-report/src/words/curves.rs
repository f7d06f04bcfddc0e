//! Curves, charts over epochs, histograms and sweeps.

use stage_page::Lang;

use super::runs;

pub(crate) fn heading(lang: Lang) -> String {
    lang.pick("Curves", "학습 곡선").into()
}

pub(crate) fn below(lang: Lang) -> String {
    lang.pick(
        "The charts of each experiment stand under its name below.",
        "각 실험의 그래프는 아래에서 그 이름 밑에 있습니다.",
    )
    .into()
}

pub(crate) fn live_label(lang: Lang) -> &'static str {
    lang.pick("Curves of the experiments over the epochs", "에포크에 따른 실험의 학습 곡선")
}

pub(crate) fn what_a_line_is(lang: Lang) -> String {
    lang.pick(
        "A line is the mean over the runs of an experiment, its band reaches from the lowest run to the highest.",
        "선은 한 실험의 실행을 평균한 값이고, 띠는 가장 낮은 실행부터 가장 높은 실행까지입니다.",
    )
    .into()
}

/// What a value of an epoch is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Measure {
    TestAccuracy,
    TrainingLoss,
    TrainingAccuracy,
    TestLoss,
    ValidationAccuracy,
    ValidationLoss,
}

pub(crate) fn measure(lang: Lang, measure: Measure) -> &'static str {
    match measure {
        Measure::TestAccuracy => lang.pick("Test accuracy", "테스트 정확도"),
        Measure::TrainingLoss => lang.pick("Training loss", "학습 손실"),
        Measure::TrainingAccuracy => lang.pick("Training accuracy", "학습 정확도"),
        Measure::TestLoss => lang.pick("Test loss", "테스트 손실"),
        Measure::ValidationAccuracy => lang.pick("Validation accuracy", "검증 정확도"),
        Measure::ValidationLoss => lang.pick("Validation loss", "검증 손실"),
    }
}

/// The parts of the data split, as the lines of a chart are called.
pub(crate) fn parts(lang: Lang) -> [&'static str; 3] {
    lang.pick(["training", "test", "validation"], ["학습", "테스트", "검증"])
}

pub(crate) fn loss_of(lang: Lang, name: &str) -> String {
    lang.pick(format!("Loss: {name}"), format!("손실: {name}"))
}

pub(crate) fn accuracy_of(lang: Lang, name: &str) -> String {
    lang.pick(format!("Accuracy: {name}"), format!("정확도: {name}"))
}

pub(crate) fn accuracy_over_epochs(lang: Lang) -> &'static str {
    lang.pick("Accuracy over the epochs", "에포크에 따른 정확도")
}

pub(crate) fn loss_description(lang: Lang, of_runs: usize, end: &str) -> String {
    let mean = mean(lang, of_runs);
    lang.pick(
        format!("Loss on each part of the data split over the epochs. {mean}Training loss at the end: {end}."),
        format!("데이터를 나눈 각 부분의 손실을 에포크에 따라 그렸습니다. {mean}마지막 학습 손실: {end}."),
    )
}

pub(crate) fn accuracy_description(lang: Lang, of_runs: usize, end: &str) -> String {
    let mean = mean(lang, of_runs);
    lang.pick(
        format!("Accuracy on each part of the data split over the epochs. {mean}Test accuracy at the end: {end}."),
        format!("데이터를 나눈 각 부분의 정확도를 에포크에 따라 그렸습니다. {mean}마지막 테스트 정확도: {end}."),
    )
}

fn mean(lang: Lang, of_runs: usize) -> String {
    if of_runs < 2 {
        return String::new();
    }
    let runs = runs(lang, of_runs);
    lang.pick(
        format!("Mean of {runs}; the bands reach from the lowest to the highest. "),
        format!("{runs}의 평균이며, 띠는 가장 낮은 값부터 가장 높은 값까지입니다. "),
    )
}

/// Which experiments a chart has, of so many.
pub(crate) fn overlaid(lang: Lang, data: &str, shown: usize, all: usize) -> String {
    let (which, korean) = if shown < all {
        (
            format!("the {shown} with the highest test accuracy of {all}"),
            format!("{all}개 가운데 테스트 정확도가 가장 높은 {shown}개입니다"),
        )
    } else {
        ("all experiments".to_owned(), "모든 실험입니다".to_owned())
    };
    lang.pick(
        format!("Data {data}. A line for each experiment, the mean over its runs: {which}. The table has the ends."),
        format!("데이터 {data}. 선 하나가 실험 하나이며 실행의 평균입니다. {korean}. 마지막 값은 표에 있습니다."),
    )
}

pub(crate) fn histograms_of(lang: Lang, is_weights: bool, run: &str) -> String {
    let (what, korean) = if is_weights { ("weights", "가중치") } else { ("activations", "활성값") };
    lang.pick(format!("Histograms of the {what}: {run}"), format!("{korean} 히스토그램: {run}"))
}

pub(crate) fn histograms_description(lang: Lang, ends: &str) -> String {
    lang.pick(
        format!("A row for each layer, a column for each epoch, each with its own range. At the end: {ends}."),
        format!("층마다 한 줄, 에포크마다 한 칸이며 범위는 저마다 다릅니다. 마지막: {ends}."),
    )
}

pub(crate) fn layer_end(lang: Lang, layer: u32, std: f64, percent_zero: u64) -> String {
    lang.pick(
        format!("layer {layer}: std {std:.2e}, {percent_zero} % zero"),
        format!("층 {layer}: 표준편차 {std:.2e}, 0인 값 {percent_zero} %"),
    )
}

pub(crate) fn layer_at(lang: Lang, layer: u32, epoch: u32, std: f64) -> String {
    lang.pick(
        format!("layer {layer}, epoch {epoch}: std {std:.2e}"),
        format!("층 {layer}, 에포크 {epoch}: 표준편차 {std:.2e}"),
    )
}

pub(crate) fn percent_zero(lang: Lang, percent: u64) -> String {
    lang.pick(format!("{percent} % zero"), format!("0인 값 {percent} %"))
}

pub(crate) fn starting_weights(lang: Lang) -> String {
    lang.pick("Starting weights", "초기 가중치").into()
}

pub(crate) fn draws(lang: Lang, draws: usize, bins: usize, range: f64, panels: &str) -> String {
    lang.pick(
        format!(
            "{draws} draws for each standard deviation, {bins} bins from -{range} to {range}. Standard deviations: {panels}."
        ),
        format!("표준편차마다 {draws}번 뽑아 -{range}부터 {range}까지 {bins}개 구간으로 나누었습니다. 표준편차: {panels}."),
    )
}

pub(crate) fn more_draws(lang: Lang, rest: usize) -> String {
    lang.pick(format!(" {rest} more are not shown."), format!(" 나머지 {rest}개는 보이지 않습니다."))
}

pub(crate) fn rule(lang: Lang, rule: &str, std: f64, fans: &str) -> String {
    let (fan_in, korean) = match fans {
        "" => (String::new(), String::new()),
        fans => (format!(", fan-in {fans}"), format!(", 입력 수 {fans}")),
    };
    lang.pick(format!("{rule}, std {std:.4}{fan_in}"), format!("{rule}, 표준편차 {std:.4}{korean}"))
}

pub(crate) fn outside(lang: Lang, count: usize) -> String {
    lang.pick(format!("{count} outside"), format!("{count}개는 범위 밖"))
}

pub(crate) fn sweep_heading(lang: Lang) -> String {
    lang.pick("What the configs change", "설정을 바꾸면 달라지는 것").into()
}

pub(crate) fn sweep(lang: Lang) -> String {
    lang.pick(
        "A point is an experiment, its height the mean over its runs. Keys that change together, such as width and \
         learning rate, cannot be told apart here.",
        "점 하나가 실험 하나이고, 높이는 실행의 평균입니다. 너비와 학습률처럼 함께 바뀌는 키의 영향은 여기서 구별할 수 없습니다.",
    )
    .into()
}
