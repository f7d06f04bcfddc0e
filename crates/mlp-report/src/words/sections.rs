//! Headings, folds and paragraphs between sections; the rows of the data.

use stage_page::Lang;
use stage_page::format::counted;

use super::experiments;

pub(crate) fn title(lang: Lang) -> &'static str {
    lang.pick("Training report", "학습 보고서")
}

pub(crate) fn experiments_heading(lang: Lang) -> String {
    lang.pick("Experiments", "실험").into()
}

pub(crate) fn run_by_run(lang: Lang) -> String {
    lang.pick("Run by run", "실행별로 보기").into()
}

pub(crate) fn comparisons(lang: Lang) -> String {
    lang.pick("Comparisons", "실험 비교").into()
}

pub(crate) fn compared(lang: Lang, all: usize, data: &str, most: usize) -> String {
    lang.pick(
        format!("Of {all} experiments on {data} the {most} with the highest accuracy are compared."),
        format!("{data}: 실험 {all}개 가운데 정확도가 가장 높은 {most}개를 비교합니다."),
    )
}

pub(crate) fn in_sentences(lang: Lang, data: &str) -> String {
    lang.pick(format!("The same in sentences ({data})"), format!("같은 내용을 문장으로 ({data})"))
}

pub(crate) fn how_tested(lang: Lang) -> String {
    lang.pick("How differences are tested", "차이를 검정하는 방법").into()
}

/// The small print of comparisons.
pub(crate) fn tests(lang: Lang) -> [&'static str; 2] {
    lang.pick(
        [
            "A point is a hundredth of the accuracy. A difference is significant when its p value, corrected by \
             Holm's method for all comparisons on the same data, is at most 0.05. Any other difference may be chance, \
             however large it looks; with fewer than five runs of each there are not enough seeds to tell. The \
             experiment with the highest accuracy owes part of its lead to luck.",
            "The runs decide the test. Each seed splits the rows anew: the paired t test over seeds, corrected for \
             overlapping training rows; without common seeds, Welch's t test with the same correction. All seeds have \
             the same test rows: a t test that adds the variance of the rows to that of the seeds. One run of each: \
             McNemar's exact test, which does not allow for other seeds. A run that diverged counts as always \
             predicting the most frequent digit.",
        ],
        [
            "%p(퍼센트포인트)는 정확도의 100분의 1입니다. 같은 데이터의 모든 비교에 대해 홀름 방법으로 보정한 p 값이 0.05 이하일 때 차이가 유의하다고 합니다. 그 밖의 차이는 아무리 커 \
             보여도 우연일 수 있습니다. 실행이 각각 5개보다 적으면 시드가 적어 판단할 수 없습니다. 정확도가 가장 높은 실험의 우위에는 운도 섞여 있습니다.",
            "검정 방법은 실행에 따라 정해집니다. 시드마다 행을 새로 나누었으면, 학습 행이 겹치는 것을 보정한 대응 표본 t 검정을 시드에 대해 합니다. 공통된 시드가 없으면 같은 보정을 한 웰치 \
             t 검정입니다. 모든 시드의 테스트 행이 같으면, 행의 분산에 시드의 분산을 더한 t 검정입니다. 실행이 하나씩이면 맥니머 정확 검정이며, 시드가 달라질 때의 차이는 담지 못합니다. \
             발산한 실행은 가장 흔한 숫자만 예측한 것으로 셉니다.",
        ],
    )
}

pub(crate) fn by_experiment(lang: Lang) -> String {
    lang.pick("Experiment by experiment", "실험별로 보기").into()
}

pub(crate) fn best_shown(lang: Lang, shown: usize, all: usize) -> String {
    let all = experiments(lang, all);
    lang.pick(
        format!("The {shown} with the highest accuracy, of {all}. The CSV files beside this page have all."),
        format!("{all} 가운데 정확도가 가장 높은 {shown}개입니다. 전부는 이 페이지 옆의 CSV 파일에 있습니다."),
    )
}

pub(crate) fn data(lang: Lang) -> String {
    lang.pick("Data", "데이터").into()
}

pub(crate) fn counts_not_shown(lang: Lang, run: &str, reason: &str) -> String {
    lang.pick(
        format!("The counts of {run} cannot be shown: {reason}"),
        format!("행 수를 보일 수 없습니다({run}): {reason}"),
    )
}

pub(crate) fn rows_by_label(lang: Lang, run: &str) -> String {
    lang.pick(format!("Rows by label, as {run} divides them"), format!("레이블별 행 수, {run}의 분할 기준"))
}

pub(crate) fn rows_by_size(lang: Lang, run: &str) -> String {
    lang.pick(format!("Rows by nominal size, as {run} divides them"), format!("크기별 행 수, {run}의 분할 기준"))
}

pub(crate) fn size_column(lang: Lang) -> &'static str {
    lang.pick("#size", "#크기")
}

/// Columns of the parts of a split: training, extra data, validation, test.
pub(crate) fn part_columns(lang: Lang) -> [&'static str; 4] {
    lang.pick(
        ["#train", "#train, extra data", "#validate", "#test"],
        ["#학습", "#학습, 추가 데이터", "#검증", "#테스트"],
    )
}

/// What the rows of a writer do: training, validation, test.
pub(crate) fn uses(lang: Lang) -> [&'static str; 3] {
    lang.pick(["trains", "validates", "tests"], ["학습", "검증", "테스트"])
}

pub(crate) fn rows_column(lang: Lang) -> &'static str {
    lang.pick("#rows", "#행")
}

/// The rows of the data and their writers; 0 where these are not known.
pub(crate) fn rows_of_writers(lang: Lang, rows: u64, writers: usize) -> String {
    let (counted_rows, counted_writers) = (counted(rows as usize, "row"), counted(writers, "writer"));
    match writers {
        0 => lang.pick(
            format!("{counted_rows}, the writers of which are not known."),
            format!("행 {rows}개이며 쓴 사람은 알 수 없습니다."),
        ),
        _ => lang.pick(format!("{counted_rows} of {counted_writers}."), format!("{writers}명이 쓴 행 {rows}개입니다.")),
    }
}

pub(crate) fn extra(lang: Lang, rows: u64) -> String {
    let counted = counted(rows as usize, "row");
    lang.pick(
        format!(" {counted} of extra data only train."),
        format!(" 추가 데이터의 행 {rows}개는 학습에만 쓰입니다."),
    )
}

pub(crate) fn no_copies(lang: Lang) -> &'static str {
    lang.pick(
        " No test row has the same pixels as a training row, and no copies have different labels.",
        " 학습 행과 픽셀이 같은 테스트 행이 없고, 레이블이 다른 복사본도 없습니다.",
    )
}

pub(crate) fn rows_by_writer(lang: Lang, shown: usize, all: usize) -> String {
    if shown < all {
        lang.pick(
            format!("Rows by writer and label: the {shown} of {all} writers with the most rows"),
            format!("쓴 사람과 레이블별 행 수: {all}명 가운데 행이 가장 많은 {shown}명"),
        )
    } else {
        lang.pick("Rows by writer and label", "쓴 사람과 레이블별 행 수").into()
    }
}

pub(crate) fn writer_columns(lang: Lang) -> [&'static str; 2] {
    lang.pick(["writer", "does"], ["쓴 사람", "쓰임"])
}
