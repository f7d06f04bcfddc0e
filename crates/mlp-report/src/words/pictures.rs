//! Misclassified rows, pictures of test rows, weights of the first layer, and the data sets.

use stage_page::Lang;
use stage_page::format::counted;

use super::{pictures, runs, test_rows};

pub(crate) fn misclassified_by_best(lang: Lang) -> String {
    lang.pick("Misclassified by the best experiments", "가장 좋은 실험의 오분류").into()
}

pub(crate) fn misclassified_by(lang: Lang, experiment: &str) -> String {
    lang.pick(format!("Misclassified by {experiment}"), format!("오분류: {experiment}"))
}

pub(crate) fn misclassified_rows(lang: Lang, shown: usize, all: usize) -> String {
    let rows = counted(all, "row");
    lang.pick(
        format!(
            "Misclassified rows: {shown} of {rows} in all. Rows count from 0, as in the rows file beside the data set"
        ),
        format!("오분류한 행: 모두 {all}개 가운데 {shown}개. 행은 데이터 세트 옆의 행 파일에서처럼 0부터 셉니다"),
    )
}

pub(crate) fn misclassified_columns(lang: Lang) -> [&'static str; 6] {
    lang.pick(
        ["#row", "#label", "predicted", "#misclassified in", "#mean probability of the prediction", "picture"],
        ["#행", "#레이블", "예측", "#틀린 실행", "#예측의 평균 확률", "그림"],
    )
}

/// `2 of 3 runs`.
pub(crate) fn of_runs(lang: Lang, some: usize, all: usize) -> String {
    let runs = runs(lang, all);
    lang.pick(format!("{some} of {runs}"), format!("{runs} 중 {some}개"))
}

pub(crate) fn not_shown(lang: Lang, experiment: &str, reason: &str) -> String {
    lang.pick(
        format!("The pictures of {experiment} cannot be shown: {reason}"),
        format!("그림을 보일 수 없습니다({experiment}): {reason}"),
    )
}

pub(crate) fn matrix_caption(lang: Lang, title: &str) -> String {
    lang.pick(format!("{title}: rows are labels, columns predictions"), format!("{title}: 행은 레이블, 열은 예측"))
}

/// What a gallery shows, and how it was chosen: so many pictures of a cell, in all and on the diagonal.
pub(crate) fn gallery_rule(lang: Lang, of_cell: usize, wrong: usize, right: usize, runs: usize) -> String {
    let mut text = lang.pick(
        format!(
            "Each cell of the matrix shows up to {of_cell} of its pictures, as the network saw them before scaling, \
             those predicted with the highest probability first; {wrong} in all, the most frequent mistakes first."
        ),
        format!(
            "행렬의 칸마다 그림을 {of_cell}개까지 보여 줍니다. 값의 범위를 맞추기 전에 신경망이 본 그대로이며, 높은 확률로 예측한 것부터 나옵니다. 모두 합해 {wrong}개까지이고, 자주 \
             틀린 것부터입니다."
        ),
    );
    if right > 0 {
        text += &lang.pick(
            format!(" A cell on the diagonal shows the {right} pictures that were predicted correctly with the lowest probability."),
            format!(" 대각선의 칸에는 맞혔지만 확률이 가장 낮은 그림 {right}개가 있습니다."),
        );
    }
    text += lang.pick(
        " The bars are the highest probabilities; that of the label is blue.",
        " 막대는 가장 높은 확률이고, 레이블의 확률은 파란색입니다.",
    );
    if runs > 1 {
        text += &lang.pick(
            format!(" They are means over the runs that were tested on the picture, of {runs} runs."),
            format!(" 확률은 실행 {runs}개 가운데 그 그림으로 시험한 실행의 평균입니다."),
        );
    }
    text
}

/// Of so many pictures that are right, the least certain are shown.
pub(crate) fn least_certain(lang: Lang, shown: usize, all: usize) -> String {
    let pictures = pictures(lang, all);
    if shown < all {
        lang.pick(
            format!("the {shown} least certain of {pictures}"),
            format!("{pictures} 가운데 가장 확신이 낮은 {shown}개"),
        )
    } else {
        lang.pick(format!("{pictures}, the least certain first"), format!("{pictures}, 확신이 낮은 것부터"))
    }
}

/// How many pictures a cell has, and how many predictions where several runs predicted the same picture.
pub(crate) fn note(lang: Lang, shown: usize, all: usize, predictions: u64) -> String {
    let pictures = pictures(lang, all);
    let times = if predictions == all as u64 {
        String::new()
    } else {
        lang.pick(format!(", {predictions} predictions"), format!(", 예측 {predictions}번"))
    };
    if shown < all {
        lang.pick(format!("{shown} of {pictures}{times}"), format!("{pictures} 중 {shown}개{times}"))
    } else {
        format!("{pictures}{times}")
    }
}

pub(crate) fn row(lang: Lang, row: u64) -> String {
    lang.pick(format!("row {row}"), format!("행 {row}"))
}

pub(crate) fn row_predicted(lang: Lang, row: u64, label: u8, predicted: u8) -> String {
    lang.pick(
        format!("row {row}: label {label}, predicted {predicted}"),
        format!("행 {row}: 레이블 {label}, 예측 {predicted}"),
    )
}

pub(crate) fn by_runs(lang: Lang, times: &str) -> String {
    lang.pick(format!(" by {times}"), format!(", {times}"))
}

pub(crate) fn strips_rule(lang: Lang) -> String {
    lang.pick(
        "Each label at a glance, of the test rows that the run folders keep: the mean of its pictures, those nearest \
         to the mean and those farthest from it. The distance is the root of the mean squared difference of gray \
         values, 0 to 255.",
        "실행 폴더에 남아 있는 테스트 행을 레이블별로 한눈에 봅니다. 그림의 평균, 평균에 가장 가까운 그림, 가장 먼 그림입니다. 거리는 회색 값(0부터 255까지) 차이의 제곱을 평균한 값의 \
         제곱근입니다.",
    )
    .into()
}

pub(crate) fn row_distance(lang: Lang, row: u64, distance: f64) -> String {
    lang.pick(format!("row {row}, distance {distance:.0}"), format!("행 {row}, 거리 {distance:.0}"))
}

pub(crate) fn mean_of(lang: Lang, count: usize) -> String {
    let pictures = pictures(lang, count);
    lang.pick(format!("mean of {pictures}"), format!("{pictures}의 평균"))
}

pub(crate) fn strip_title(lang: Lang, label: u8, rows: usize) -> String {
    let rows = test_rows(lang, rows);
    lang.pick(format!("Label {label}: {rows}"), format!("레이블 {label}: {rows}"))
}

/// The groups of a strip.
pub(crate) fn groups(lang: Lang) -> [String; 3] {
    lang.pick(["mean", "most typical", "most unusual"], ["평균", "가장 전형적인 것", "가장 특이한 것"])
        .map(String::from)
}

/// Which units of the first layer are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Units {
    /// One for each label.
    Outputs,
    /// The largest of all.
    Largest { shown: usize, all: usize },
}

pub(crate) fn first_layer(lang: Lang, run: &str, units: Units, inverts: bool, within: f64) -> String {
    let (which, korean) = match units {
        Units::Outputs => {
            ("a picture for each label, in their order".to_owned(), "레이블마다 하나씩, 레이블 순서대로".to_owned())
        }
        Units::Largest { shown, all } if shown < all => (
            format!("the {shown} of {all} units with the largest weights, these first"),
            format!("뉴런 {all}개 가운데 가중치가 가장 큰 {shown}개를 큰 것부터"),
        ),
        Units::Largest { all, .. } => (
            format!("all {all} units, those with the largest weights first"),
            format!("뉴런 {all}개 모두를 가중치가 큰 것부터"),
        ),
    };
    let (ink, korean_ink) = if inverts { ("ink", "잉크가") } else { ("paper", "종이가") };
    let percent = format!("{:.0}", 100.0 * within);
    lang.pick(
        format!(
            "Weights of the first layer of {run}, one for each pixel: {which}. Where a pixel is orange, {ink} raises \
             the sum of the unit; where it is blue, {ink} lowers it. Of the weights, {percent} % lie within the \
             scale."
        ),
        format!(
            "{run}의 첫째 층 가중치를 픽셀마다 하나씩 보입니다. {korean}. 주황색 픽셀에서는 {korean_ink} 뉴런의 합을 키우고, 파란색 픽셀에서는 줄입니다. 가중치의 \
             {percent} %가 눈금 안에 있습니다."
        ),
    )
}

pub(crate) fn weights_not_shown(lang: Lang, run: &str, reason: &str) -> String {
    lang.pick(
        format!("The weights of {run} cannot be shown: {reason}"),
        format!("가중치를 보일 수 없습니다({run}): {reason}"),
    )
}
