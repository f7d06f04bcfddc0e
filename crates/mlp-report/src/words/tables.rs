//! Captions, column heads and words of the tables of experiments, comparisons and runs. `#` marks a column of numbers.

use stage_page::Lang;

pub(crate) fn experiments(lang: Lang) -> String {
    lang.pick("Experiments: means over their runs", "실험: 실행의 평균").into()
}

pub(crate) fn experiment_columns(lang: Lang) -> [&'static str; 11] {
    lang.pick(
        [
            "experiment",
            "hidden",
            "#runs",
            "#rows train/test",
            "#epochs",
            "#training loss",
            "#training accuracy",
            "#test accuracy",
            "#95 % interval",
            "#near zero loss at epoch",
            "outcome",
        ],
        [
            "실험",
            "은닉층",
            "#실행",
            "#행 학습/테스트",
            "#에포크",
            "#학습 손실",
            "#학습 정확도",
            "#테스트 정확도",
            "#95 % 신뢰구간",
            "#손실이 0에 가까워진 에포크",
            "결과",
        ],
    )
}

pub(crate) fn first_experiments(lang: Lang, most: usize, all: usize) -> String {
    lang.pick(
        format!(" (the first {most} of {all}; experiments.csv has all)"),
        format!(" ({all}개 가운데 처음 {most}개. 전부는 experiments.csv에 있습니다)"),
    )
}

pub(crate) fn reached(lang: Lang, epoch: u32, some: usize, all: usize) -> String {
    lang.pick(format!("{epoch} ({some} of {all})"), format!("{epoch} ({all}개 중 {some}개)"))
}

pub(crate) fn differences(lang: Lang, data: &str) -> String {
    lang.pick(format!("Differences of test accuracy on {data}"), format!("테스트 정확도의 차이: {data}"))
}

pub(crate) fn comparison_columns(lang: Lang) -> [&'static str; 9] {
    lang.pick(
        ["a", "b", "#a less b, points", "#95 % interval", "#p", "#p, Holm", "#pairs", "test", "verdict"],
        ["a", "b", "#a - b, %p", "#95 % 신뢰구간", "#p", "#p, 홀름", "#쌍", "검정", "판정"],
    )
}

pub(crate) fn all_runs(lang: Lang) -> String {
    lang.pick("All runs", "모든 실행").into()
}

pub(crate) fn all_run_columns(lang: Lang) -> [&'static str; 8] {
    lang.pick(
        ["run", "experiment", "#seed", "#epochs", "#training loss", "#training accuracy", "#test accuracy", "outcome"],
        ["실행", "실험", "#시드", "#에포크", "#학습 손실", "#학습 정확도", "#테스트 정확도", "결과"],
    )
}

pub(crate) fn first_runs(lang: Lang, most: usize, all: usize) -> String {
    lang.pick(
        format!(": the first {most} of {all}; results.csv has all"),
        format!(": {all}개 가운데 처음 {most}개. 전부는 results.csv에 있습니다"),
    )
}

pub(crate) fn runs_of(lang: Lang, experiment: &str) -> String {
    lang.pick(
        format!("Runs of {experiment}; the interval of each is Wilson's"),
        format!("{experiment}의 실행. 각각의 신뢰구간은 윌슨 구간입니다"),
    )
}

pub(crate) fn run_columns(lang: Lang) -> [&'static str; 8] {
    lang.pick(
        [
            "run",
            "#seed",
            "#epochs",
            "#training loss",
            "#test accuracy",
            "#95 % interval",
            "#near zero loss at epoch",
            "outcome",
        ],
        [
            "실행",
            "#시드",
            "#에포크",
            "#학습 손실",
            "#테스트 정확도",
            "#95 % 신뢰구간",
            "#손실이 0에 가까워진 에포크",
            "결과",
        ],
    )
}

pub(crate) fn fold_column(lang: Lang) -> &'static str {
    lang.pick("#fold", "#폴드")
}

/// How a run ended, from the word of its `summary.json`.
pub(crate) fn outcome(lang: Lang, word: &str) -> String {
    let korean = match word {
        "done" => "완료",
        "diverged" => "발산",
        "dead" => "죽은 층",
        "stopped" => "조기 종료",
        other => other,
    };
    lang.pick(word, korean).into()
}

/// So many of the runs of an experiment ended so.
pub(crate) fn outcomes(lang: Lang, count: usize, outcome: &str) -> String {
    lang.pick(format!("{count} {outcome}"), format!("{outcome} {count}개"))
}
