//! Two runs side by side.

use stage_page::Lang;

use super::test_rows;

pub(crate) fn heading(lang: Lang) -> String {
    lang.pick("Two runs side by side", "두 실행 비교").into()
}

pub(crate) fn label(lang: Lang, data: &str) -> String {
    lang.pick(format!("Two runs side by side on {data}"), format!("두 실행 비교: {data}"))
}

pub(crate) fn not_shown(lang: Lang, reason: &str) -> String {
    lang.pick(format!("Pictures cannot be shown here: {reason}"), format!("여기에 그림을 보일 수 없습니다: {reason}"))
}

pub(crate) fn differences(lang: Lang, a: &str, b: &str) -> String {
    lang.pick(
        format!("What differs in the configs of A ({a}) and B ({b})"),
        format!("A({a}), B({b})의 설정에서 다른 것"),
    )
}

pub(crate) fn key_column(lang: Lang) -> &'static str {
    lang.pick("key", "키")
}

pub(crate) fn disagreement(lang: Lang, common: usize, a: &str, b: &str, rows: usize) -> String {
    let common = test_rows(lang, common);
    lang.pick(
        format!("Of {common} that both have, A ({a}) and B ({b}) disagree on {rows}."),
        format!("공통된 {common} 가운데 A({a}), B({b})의 예측이 다른 것은 {rows}개입니다."),
    )
}

pub(crate) fn disagreed(lang: Lang, shown: usize, all: usize) -> String {
    lang.pick(
        format!("Test rows on which they disagree: {shown} of {all}"),
        format!("예측이 서로 다른 테스트 행: {all}개 가운데 {shown}개"),
    )
}

pub(crate) fn columns(lang: Lang) -> [&'static str; 4] {
    lang.pick(["#row", "#label", "#A predicts", "#B predicts"], ["#행", "#레이블", "#A의 예측", "#B의 예측"])
}
