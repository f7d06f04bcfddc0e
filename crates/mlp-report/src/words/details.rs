//! One experiment by itself.

use stage_page::Lang;
use stage_page::format::counted;

use super::runs;

/// Facts of an experiment, each as the config or the summary has it.
pub(crate) struct Facts<'a> {
    pub shape: String,
    /// `None` without hidden layers.
    pub activation: Option<String>,
    pub parameters: u64,
    pub init: &'a str,
    pub optimizer: &'a str,
    pub batch: &'a str,
    pub scale: &'a str,
    pub data: String,
    pub split: &'a str,
}

pub(crate) fn facts(lang: Lang, facts: &Facts<'_>) -> String {
    let Facts { shape, activation, parameters, init, optimizer, batch, scale, data, split } = facts;
    let activation = activation.as_deref().unwrap_or(lang.pick("none", "없음"));
    lang.pick(
        format!(
            "Hidden layers {shape}, activation {activation}, {parameters} parameters. Starting weights {init}; \
             optimizer {optimizer}; batch {batch}; values {scale}. Data {data}, split {split}."
        ),
        format!(
            "은닉층 {shape}, 활성화 함수 {activation}, 매개변수 {parameters}개. 초기 가중치 {init}; 최적화 {optimizer}; 배치 {batch}; 값 \
             {scale}. 데이터 {data}, 분할 {split}."
        ),
    )
}

pub(crate) fn rejected(lang: Lang, inputs: u64) -> String {
    let were = if inputs == 1 { "was" } else { "were" };
    let counted = counted(inputs as usize, "input");
    lang.pick(
        format!(" {counted} {were} rejected on the way."),
        format!(" 만드는 동안 입력 {inputs}개가 거절되었습니다."),
    )
}

pub(crate) fn diverged(lang: Lang, name: &str, facts: &str) -> String {
    lang.pick(
        format!(
            "{name} diverged ({facts}): loss or weights were no longer finite. A smaller learning rate or another \
             scale may help."
        ),
        format!(
            "{name}: 발산했습니다({facts}). 손실이나 가중치가 더 이상 유한하지 않습니다. 학습률을 줄이거나 값의 범위를 바꾸면 나아질 수 있습니다."
        ),
    )
}

/// The keys of `summary.json` that say how a run diverged.
pub(crate) fn diverged_key(lang: Lang, key: &str) -> String {
    let korean = match key {
        "epoch" => "에포크",
        "learning_rate" => "학습률",
        "largest_weight" => "가장 큰 가중치",
        "layer" => "층",
        other => other,
    };
    lang.pick(key.replace('_', " "), korean.to_owned())
}

pub(crate) fn dead(lang: Lang, name: &str, layer: u32) -> String {
    lang.pick(
        format!(
            "{name} is dead: every output of hidden layer {layer} is 0 for every test row, so no gradient passes it. \
             A smaller learning rate or larger starting weights may help."
        ),
        format!(
            "{name}: 은닉층 {layer}의 출력이 모든 테스트 행에서 0이라 기울기가 지나가지 못합니다. 학습률을 줄이거나 초기 가중치를 키우면 나아질 수 있습니다."
        ),
    )
}

/// `tested` runs count.
pub(crate) fn confusion_matrix(lang: Lang, tested: usize) -> String {
    if tested < 2 {
        return lang.pick("Confusion matrix", "혼동 행렬").into();
    }
    let runs = runs(lang, tested);
    lang.pick(format!("Confusion matrix, {runs} together"), format!("혼동 행렬, {runs} 합계"))
}

pub(crate) fn predictions_of(lang: Lang, name: &str) -> String {
    lang.pick(format!("Predictions of {name}, by label"), format!("레이블별 예측: {name}"))
}

pub(crate) fn label_column(lang: Lang) -> &'static str {
    lang.pick("#label", "#레이블")
}

pub(crate) fn predicted_column(lang: Lang, label: u8) -> String {
    lang.pick(format!("#predicted {label}"), format!("#예측 {label}"))
}

pub(crate) fn score_columns(lang: Lang) -> [&'static str; 4] {
    lang.pick(["#rows", "#precision", "#recall", "#F1"], ["#행", "#정밀도", "#재현율", "#F1"])
}

pub(crate) fn confused(lang: Lang, label: u8, predicted: u8, count: u64) -> String {
    lang.pick(format!("{label} predicted as {predicted} ({count})"), format!("{label} → {predicted} 예측 ({count}개)"))
}

pub(crate) fn most_confused(lang: Lang, named: &str) -> String {
    lang.pick(format!("Most confused: {named}."), format!("가장 많이 혼동한 것: {named}."))
}
