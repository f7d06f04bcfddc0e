//! Comparisons of two experiments in words, and what a data set is called.

use mlp_statistics::sample_size::about;
use stage_page::Lang;

use crate::comparison::test::Test;

/// The name of a test in a table.
pub(crate) const fn test(lang: Lang, test: Test) -> &'static str {
    match (lang, test) {
        (Lang::En, Test::Crossed) => "t, seeds x rows",
        (Lang::En, Test::CorrectedPairedT) => "paired t, corrected",
        (Lang::En, Test::Welch) => "Welch t, corrected",
        (Lang::En, Test::McNemar) => "McNemar exact",
        (Lang::Ko, Test::Crossed) => "t, 시드 x 행",
        (Lang::Ko, Test::CorrectedPairedT) => "대응 t, 보정",
        (Lang::Ko, Test::Welch) => "웰치 t, 보정",
        (Lang::Ko, Test::McNemar) => "맥니머 정확",
    }
}

pub(crate) fn not_enough(lang: Lang) -> &'static str {
    lang.pick("not enough seeds to tell", "시드가 적어 판단할 수 없음")
}

pub(crate) fn not_significant(lang: Lang) -> &'static str {
    lang.pick("not significant", "유의하지 않음")
}

/// Which of `a` and `b` is better.
pub(crate) fn better(lang: Lang, is_a: bool) -> &'static str {
    if is_a { lang.pick("a is better", "a가 나음") } else { lang.pick("b is better", "b가 나음") }
}

/// The runs behind a comparison.
pub(crate) fn evidence(lang: Lang, test: Test, folds: bool, pairs: usize, rows: u64) -> String {
    let unit = if folds { lang.pick("folds", "폴드") } else { lang.pick("seeds", "시드") };
    match test {
        Test::Crossed => lang
            .pick(format!("{pairs} {unit} on the same {rows} rows"), format!("같은 행 {rows}개에서 {unit} {pairs}개")),
        Test::CorrectedPairedT => lang.pick(format!("{pairs} {unit}"), format!("{unit} {pairs}개")),
        Test::Welch => lang.pick("different seeds", "서로 다른 시드").into(),
        Test::McNemar => lang.pick("one seed, others may differ", "시드 1개, 다른 시드에서는 다를 수 있음").into(),
    }
}

pub(crate) fn failed(lang: Lang, name: &str, count: usize) -> String {
    lang.pick(format!("{count} of {name}"), format!("{name} {count}개"))
}

pub(crate) fn failures(lang: Lang, failed: &str) -> String {
    lang.pick(format!("; diverged: {failed}"), format!("; 발산: {failed}"))
}

pub(crate) fn equal(lang: Lang, a: &str, b: &str, evidence: &str) -> String {
    lang.pick(
        format!("{a} and {b} are equally accurate ({evidence})."),
        format!("{a}, {b}: 정확도가 같습니다({evidence})."),
    )
}

pub(crate) fn beats(lang: Lang, a: &str, b: &str, points: &str, evidence: &str) -> String {
    lang.pick(
        format!("{a} beats {b} by {points} points ({evidence})."),
        format!("{a}의 정확도가 {b}보다 {points} %p 높습니다({evidence})."),
    )
}

pub(crate) fn too_few(lang: Lang, a: &str, b: &str, points: &str, evidence: &str, seeds: &str) -> String {
    lang.pick(
        format!("{a} and {b}: a difference of {points} points ({evidence}); {seeds}."),
        format!("{a}, {b}: 차이는 {points} %p입니다({evidence}). {seeds}."),
    )
}

pub(crate) fn insignificant(
    lang: Lang,
    (a, b): (&str, &str),
    (points, evidence): (&str, &str),
    rows: u64,
    remedy: &str,
) -> String {
    lang.pick(
        format!(
            "{a} and {b}: a difference of {points} points ({evidence}) is not significant with {rows} test rows; {remedy}."
        ),
        format!("{a}, {b}: {points} %p의 차이({evidence})는 테스트 행 {rows}개로는 유의하지 않습니다. {remedy}."),
    )
}

pub(crate) fn seeds_needed(lang: Lang, seeds: u64) -> String {
    let seeds = about(seeds);
    lang.pick(
        format!("not enough seeds to tell: about {seeds} would be needed"),
        format!("시드가 적어 판단할 수 없습니다. 약 {seeds}개가 필요합니다"),
    )
}

pub(crate) fn train_more(lang: Lang, fewest: usize) -> String {
    lang.pick(
        format!("not enough seeds to tell: train at least {fewest} of each"),
        format!("시드가 적어 판단할 수 없습니다. 각각 {fewest}개 이상 학습하세요"),
    )
}

pub(crate) fn alone(lang: Lang, family: usize) -> String {
    lang.pick(
        format!("alone it would be significant, among {family} comparisons it is not"),
        format!("이것만 비교했다면 유의하지만, 비교 {family}개 가운데서는 그렇지 않습니다"),
    )
}

pub(crate) fn rows_needed(lang: Lang, rows: u64) -> String {
    let rows = about(rows);
    lang.pick(format!("about {rows} would be needed"), format!("약 {rows}개가 필요합니다"))
}

pub(crate) fn unsteady(lang: Lang) -> String {
    lang.pick(
        "the seeds vary too much, and no number of seeds on these rows would do",
        "시드에 따른 차이가 너무 커서, 이 행으로는 시드를 아무리 늘려도 부족합니다",
    )
    .into()
}

pub(crate) fn more_rows(lang: Lang) -> String {
    lang.pick("more test rows would be needed", "테스트 행이 더 필요합니다").into()
}

/// What the preprocessing of a data set was.
#[derive(Clone, Debug)]
pub(crate) enum Preprocessing {
    Nothing,
    Standard,
    Steps(Vec<String>),
    Many(usize),
}

/// `demo/20x20_info.csv, standard preprocessing, digits 1-5`.
pub(crate) fn data(lang: Lang, file: &str, preprocessing: Option<&Preprocessing>, digits: &str) -> String {
    let prepared = preprocessing.map_or(String::new(), |preprocessing| match preprocessing {
        Preprocessing::Nothing => lang.pick("no preprocessing, ", "전처리 없음, ").into(),
        Preprocessing::Standard => lang.pick("standard preprocessing, ", "standard 전처리, ").into(),
        Preprocessing::Steps(steps) => {
            let steps = steps.join("+");
            lang.pick(format!("preprocessing {steps}, "), format!("전처리 {steps}, "))
        }
        Preprocessing::Many(steps) => {
            lang.pick(format!("{steps} steps of preprocessing, "), format!("전처리 {steps}단계, "))
        }
    });
    lang.pick(format!("{file}, {prepared}digits {digits}"), format!("{file}, {prepared}숫자 {digits}"))
}
