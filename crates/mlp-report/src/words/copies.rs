//! Copies among the rows, contradictions, and labels with few rows.

use stage_page::Lang;
use stage_page::format::counted;

use super::test_rows;

/// `is_most` where other runs have fewer.
pub(crate) fn copies(lang: Lang, copied: u64, rows: u64, is_most: bool) -> String {
    let (up_to, at_most) = if is_most { ("up to ", "최대 ") } else { ("", "") };
    let rows = test_rows(lang, rows as usize);
    lang.pick(
        format!(
            "{up_to}{copied} of {rows} have the same pixels as a training row, so the test accuracy is too high for new pictures"
        ),
        format!(
            "{rows} 가운데 {at_most}{copied}개의 픽셀이 학습 행과 같아, 새로운 그림에 대한 정확도로는 지나치게 높습니다"
        ),
    )
}

pub(crate) fn contradictions(lang: Lang, rows: u64) -> String {
    let english = match rows {
        1 => "1 row of the data has".to_owned(),
        rows => format!("{rows} rows of the data have"),
    };
    lang.pick(
        format!("{english} the same pixels as a row with another label"),
        format!("데이터의 행 {rows}개는 레이블이 다른 행과 픽셀이 같습니다"),
    )
}

pub(crate) fn few_rows_of(lang: Lang, label: u8, rows: u64) -> String {
    let counted = counted(rows as usize, "training row");
    lang.pick(format!("label {label} has {counted}"), format!("레이블 {label}의 학습 행 {rows}개"))
}

pub(crate) fn little_is_learned(lang: Lang, labels: &str) -> String {
    lang.pick(
        format!("{labels}, so little is learned of it"),
        format!("학습 행이 너무 적어 거의 배우지 못합니다({labels})"),
    )
}
