//! The opening of the report.

use mlp_statistics::writers::Writers;
use stage_page::format::capitalised;
use stage_page::{Lang, writers};

use super::{experiments, runs, test_rows};

pub(crate) fn no_run(lang: Lang) -> String {
    lang.pick("No run could be used.", "쓸 수 있는 실행이 없습니다.").into()
}

pub(crate) fn runs_of(lang: Lang, of_runs: usize, of_experiments: usize) -> String {
    let (runs, experiments) = (runs(lang, of_runs), experiments(lang, of_experiments));
    lang.pick(format!("{runs} of {experiments}."), format!("{experiments}, {runs}."))
}

pub(crate) fn how_sure(lang: Lang) -> String {
    lang.pick("How sure this is", "얼마나 확실한가").into()
}

/// What the intervals of experiments are.
pub(crate) fn intervals(lang: Lang) -> String {
    lang.pick(
        "The 95 % interval is for the true mean accuracy. Where at least five writers of test rows are known and did \
         not train, it is over writers, each of whom weighs as much as they have rows. Elsewhere it is over all seeds \
         and all test rows of the same kind, and speaks of these writers only. Where each seed splits the rows anew, \
         the interval is Student's, widened since the training rows overlap. Where all seeds have the same test rows, \
         it adds the variance of the rows to that of the seeds. For one run it is Wilson's, which does not allow for \
         other seeds. Runs that diverged have no accuracy and are counted beside it. For the median epoch, a run that \
         never came near zero loss counts as not there yet.",
        "95 % 신뢰구간은 참된 평균 정확도에 대한 것입니다. 테스트 행을 쓴 사람이 다섯 명 이상 알려져 있고 그 사람들이 학습에 참여하지 않았다면, 사람을 단위로 구한 구간입니다. 이때 각 사람은 \
         자신의 행 수만큼 비중을 가집니다. 그렇지 않으면 모든 시드와 같은 종류의 모든 테스트 행을 단위로 구하며, 이 사람들의 글씨에만 해당합니다. 시드마다 행을 새로 나누었다면 스튜던트 t 구간을 \
         쓰되, 학습 행이 서로 겹치므로 더 넓게 잡습니다. 모든 시드의 테스트 행이 같다면 행의 분산에 시드의 분산을 더합니다. 실행이 하나뿐이면 윌슨 구간이며, 시드가 달라질 때의 차이는 담지 \
         못합니다. 발산한 실행에는 정확도가 없으므로 따로 셉니다. 중앙값 에포크를 구할 때, 손실이 0에 가까워지지 않은 실행은 아직 도달하지 않은 것으로 봅니다.",
    )
    .into()
}

/// The terms of the answer: its interval, mistakes, what to do next, its data.
pub(crate) fn terms(lang: Lang) -> [String; 4] {
    lang.pick(
        ["Interval", "Wrong most often", "Next", "Data"],
        ["신뢰구간", "가장 많이 틀린 것", "다음에 할 일", "데이터"],
    )
    .map(String::from)
}

pub(crate) fn nothing_wrong(lang: Lang) -> String {
    lang.pick("Nothing: every test row is predicted correctly.", "없습니다. 테스트 행을 모두 맞혔습니다.").into()
}

pub(crate) fn together(lang: Lang, runs: usize) -> String {
    lang.pick(format!(" ({runs} runs together)"), format!(" (실행 {runs}개 합계)"))
}

pub(crate) fn test_accuracy(lang: Lang) -> String {
    lang.pick("test accuracy", "테스트 정확도").into()
}

pub(crate) fn best_of(lang: Lang, name: &str, experiments: usize) -> String {
    lang.pick(
        format!("{name}, the best of {experiments} experiments"),
        format!("{name}, 실험 {experiments}개 가운데 가장 좋은 것"),
    )
}

/// The interval of an experiment, from so many runs on so many rows. An interval over writers is part of what is said
/// of the writers.
pub(crate) fn interval(lang: Lang, interval: &str, of: &Writers, tested: usize, rows: usize) -> String {
    let (rows, several) = (test_rows(lang, rows), runs(lang, tested));
    let writers = capitalised(&writers::sentence(lang, of));
    match (of.interval(), tested) {
        (Some(_), 1) => lang.pick(
            format!("{writers}. From one run on {rows}; other seeds may differ."),
            format!("{writers}. 실행 1개, {rows} 기준이며 시드가 다르면 달라질 수 있습니다."),
        ),
        (Some(_), _) => lang
            .pick(format!("{writers}. From {several} on {rows}."), format!("{writers}. {several}, {rows} 기준입니다.")),
        (None, 1) => lang.pick(
            format!("95 %: {interval}, from one run on {rows}; other seeds may differ. {writers}."),
            format!("95 %: {interval}. 실행 1개, {rows} 기준이며 시드가 다르면 달라질 수 있습니다. {writers}."),
        ),
        (None, _) => lang.pick(
            format!("95 %: {interval}, from {several} on {rows}. {writers}."),
            format!("95 %: {interval}. {several}, {rows} 기준입니다. {writers}."),
        ),
    }
}

pub(crate) fn left_out(lang: Lang, folders: usize) -> String {
    let counted = stage_page::format::counted(folders, "run folder");
    lang.pick(format!("Left out: {counted} that cannot be used."), format!("제외: 쓸 수 없는 실행 폴더 {folders}개."))
}

pub(crate) fn missing(lang: Lang, runs: usize) -> String {
    let (counted, are) = (stage_page::format::counted(runs, "run"), if runs == 1 { "is" } else { "are" });
    lang.pick(
        format!("Missing: {counted} that the configs ask for {are} not there."),
        format!("없음: 설정이 요구하는 실행 {runs}개가 없습니다."),
    )
}

pub(crate) fn more_left_out(lang: Lang, rest: usize) -> String {
    lang.pick(
        format!("and {rest} more, named when the report was made"),
        format!("그 밖에 {rest}개. 보고서를 만들 때 이름을 알려 주었습니다"),
    )
}

pub(crate) fn one_run(lang: Lang, rows: u64) -> String {
    lang.pick(format!("one run, {rows} test rows"), format!("실행 1개, 테스트 행 {rows}개"))
}

pub(crate) fn highest(lang: Lang, data: &str, accuracy: &str, interval: &str, runs: &str, name: &str) -> String {
    lang.pick(
        format!("On {data} the highest test accuracy is {accuracy} (95 % {interval}, {runs}), of {name}."),
        format!("{data}: 가장 높은 테스트 정확도는 {accuracy}입니다(95 % {interval}, {runs}). 실험은 {name}입니다."),
    )
}

pub(crate) fn without_diverged(lang: Lang, diverged: usize) -> String {
    let runs = runs(lang, diverged);
    lang.pick(format!(" That is without {runs}, which diverged."), format!(" 발산한 {runs}는 뺐습니다."))
}

pub(crate) fn nothing_learned(lang: Lang) -> &'static str {
    lang.pick(" No experiment on it learned anything.", " 이 데이터에서는 어떤 실험도 배운 것이 없습니다.")
}

pub(crate) fn others(lang: Lang, count: usize) -> String {
    lang.pick(format!("{count} others"), format!("다른 {count}개"))
}

pub(crate) fn beaten(lang: Lang, rivals: &str) -> String {
    lang.pick(format!(" It is significantly better than {rivals}."), format!(" 다음보다 유의하게 좋습니다: {rivals}."))
}

pub(crate) fn close(lang: Lang, rivals: &str) -> String {
    lang.pick(
        format!(" It is not significantly better than {rivals}."),
        format!(" 다음보다 유의하게 좋지는 않습니다: {rivals}."),
    )
}

pub(crate) fn open(lang: Lang, rivals: &str) -> String {
    lang.pick(
        format!(" There are not enough seeds to tell it from {rivals}."),
        format!(" 시드가 적어 다음과 어느 쪽이 나은지 알 수 없습니다: {rivals}."),
    )
}

pub(crate) fn not_counted(lang: Lang, count: usize) -> String {
    let experiments = experiments(lang, count);
    lang.pick(
        format!(" Not counted: {experiments} that learned nothing."),
        format!(" 배운 것이 없는 {experiments}는 넣지 않았습니다."),
    )
}

pub(crate) fn all_diverged(lang: Lang) -> &'static str {
    lang.pick(
        "diverged in every run, so there is no accuracy to compare",
        "모든 실행이 발산하여 비교할 정확도가 없습니다",
    )
}

pub(crate) fn some_diverged(lang: Lang) -> &'static str {
    lang.pick(
        "diverged in some runs; where experiments are compared, such a run counts as always predicting the most \
         frequent digit",
        "일부 실행이 발산했습니다. 실험을 비교할 때 이런 실행은 가장 흔한 숫자만 예측한 것으로 셉니다",
    )
}

pub(crate) fn learned_nothing(lang: Lang) -> &'static str {
    lang.pick(
        "learned nothing; neither a run nor the mean of its runs is significantly better than always predicting the \
         most frequent digit",
        "배운 것이 없습니다. 어느 실행도, 실행의 평균도 가장 흔한 숫자만 예측하는 것보다 유의하게 좋지 않습니다",
    )
}
