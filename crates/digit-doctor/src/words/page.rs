//! What stands around the findings, and what the script of the page says.

use serde_json::{Value, json};
use stage_files::fixes::FIXES_FILE;
use stage_files::rejected::REJECTED_FILE;
use stage_page::Lang;
use stage_page::format::counted;

use super::pictures;
use crate::findings_csv::FINDINGS_FILE;

pub(crate) fn title(lang: Lang, name: &str) -> String {
    lang.pick(format!("Findings in {name}"), format!("살펴볼 그림: {name}"))
}

pub(crate) fn summary(lang: Lang, own: usize, tested: usize, findings: usize) -> String {
    let own = pictures(lang, own);
    let (beside, korean_beside) = match tested {
        0 => (String::new(), String::new()),
        rows => (format!(", and {} that test", counted(rows, "row")), format!(", 테스트 행 {rows}개")),
    };
    lang.pick(
        format!("{own} looked at{beside}: {}.", counted(findings, "finding")),
        format!("{own}{korean_beside} 가운데 {findings}건을 찾았습니다."),
    )
}

pub(crate) fn nothing_found(lang: Lang) -> &'static str {
    lang.pick("Nothing was found.", "찾은 것이 없습니다.")
}

pub(crate) fn parts(lang: Lang) -> &'static str {
    lang.pick("Parts of the page", "차례")
}

pub(crate) fn rejected(lang: Lang) -> &'static str {
    lang.pick("Rejected", "쓸 수 없는 그림")
}

pub(crate) fn about_rejected(lang: Lang) -> &'static str {
    lang.pick(
        "These cannot be used, for the reason given. Nothing was looked for in them.",
        "각각에 적힌 이유로 쓸 수 없습니다. 이 그림들은 살펴보지 않았습니다.",
    )
}

/// How many more rejected pictures there are.
pub(crate) fn more_rejected(lang: Lang, more: usize) -> String {
    more_in(lang, more, REJECTED_FILE)
}

/// How many more findings there are.
pub(crate) fn more_findings(lang: Lang, more: usize) -> String {
    more_in(lang, more, FINDINGS_FILE)
}

fn more_in(lang: Lang, more: usize, file: &str) -> String {
    lang.pick(format!("{more} more are in {file}."), format!("나머지 {more}건은 {file} 파일에 있습니다."))
}

pub(crate) fn keys(lang: Lang) -> &'static str {
    lang.pick("Keys", "키보드")
}

/// The keys, and what each does.
pub(crate) fn key_list(lang: Lang) -> [(&'static str, String); 7] {
    let (save, korean_save) = (format!("save {FIXES_FILE}"), format!("{FIXES_FILE} 저장"));
    [
        ("→ ←", lang.pick("next, previous finding", "다음, 이전 항목").into()),
        ("d", lang.pick("drop the picture", "그림 빼기").into()),
        ("r", lang.pick("relabel it as suggested", "제안대로 레이블 바꾸기").into()),
        ("0 .. 9", lang.pick("relabel it to this digit", "이 숫자로 레이블 바꾸기").into()),
        ("k", lang.pick("keep it as it is", "그대로 두기").into()),
        ("u", lang.pick("undecided again", "결정 취소").into()),
        ("s", lang.pick(save, korean_save)),
    ]
}

pub(crate) fn decisions(lang: Lang) -> &'static str {
    lang.pick("Decisions", "결정")
}

pub(crate) fn next_undecided(lang: Lang) -> &'static str {
    lang.pick("Next undecided", "다음 미결정 항목")
}

pub(crate) fn forget_all(lang: Lang) -> &'static str {
    lang.pick("Forget all", "모두 지우기")
}

pub(crate) fn save(lang: Lang) -> String {
    lang.pick(format!("Save {FIXES_FILE}"), format!("{FIXES_FILE} 저장"))
}

pub(crate) fn without_script(lang: Lang) -> String {
    lang.pick(
        format!("Without JavaScript nothing can be decided here; {FINDINGS_FILE} has the same findings."),
        format!("JavaScript가 없으면 여기서 결정할 수 없습니다. 같은 내용이 {FINDINGS_FILE} 파일에 있습니다."),
    )
}

pub(crate) fn nothing_decided(lang: Lang) -> &'static str {
    lang.pick("Nothing is decided yet.", "아직 결정한 것이 없습니다.")
}

/// What the script says; it puts numbers in place of names in braces.
pub(crate) fn of_script(lang: Lang) -> Value {
    json!({
        "nothing": nothing_decided(lang),
        "decided": lang.pick(
            "{made} of {all} pictures decided: {drop} drop, {relabel} relabel, {keep} keep.",
            "그림 {all}개 중 {made}개 결정: 빼기 {drop}, 레이블 바꾸기 {relabel}, 그대로 두기 {keep}.",
        ),
        "notKept": lang.pick(
            "This browser does not keep them: save before you close the page.",
            "이 브라우저는 결정을 기억하지 않습니다. 페이지를 닫기 전에 저장하세요.",
        ),
        "forget": lang.pick("Forget all decisions on this page?", "이 페이지의 결정을 모두 지울까요?"),
    })
}

pub(crate) fn finding(lang: Lang, number: usize) -> String {
    lang.pick(format!("Finding {number}"), format!("항목 {number}"))
}

/// What a picture is, for those who do not see it.
pub(crate) fn labelled(lang: Lang, name: &str, label: u8) -> String {
    lang.pick(format!("{name}, labelled {label}"), format!("{name}, 레이블 {label}"))
}

/// Under a picture that is there for comparison.
pub(crate) fn beside(lang: Lang) -> &'static str {
    lang.pick("beside: ", "비교: ")
}

pub(crate) fn decide_about(lang: Lang, name: &str) -> String {
    lang.pick(format!("Decide about {name}"), format!("결정: {name}"))
}

pub(crate) fn relabel_to(lang: Lang, label: u8) -> String {
    lang.pick(format!("Relabel to {label}"), format!("레이블 {label}"))
}

pub(crate) fn drop(lang: Lang) -> &'static str {
    lang.pick("Drop", "빼기")
}

pub(crate) fn keep(lang: Lang) -> &'static str {
    lang.pick("Keep", "그대로 두기")
}

pub(crate) fn other_label(lang: Lang) -> &'static str {
    lang.pick("Other label", "다른 레이블")
}

pub(crate) fn other_label_for(lang: Lang, name: &str) -> String {
    lang.pick(format!("Other label for {name}"), format!("다른 레이블: {name}"))
}

pub(crate) fn overview(lang: Lang) -> &'static str {
    lang.pick("What there is", "전체 그림")
}

/// How many pictures have each nominal size.
pub(crate) fn sizes<'a>(lang: Lang, counts: impl Iterator<Item = (&'a str, usize)>) -> String {
    let one = |(size, count)| lang.pick(format!("{count} of {size}"), format!("{size}({count}개)"));
    let all = counts.map(one).collect::<Vec<_>>().join(", ");
    lang.pick(format!("Sizes: {all}."), format!("크기: {all}."))
}

pub(crate) fn by_label(lang: Lang) -> &'static str {
    lang.pick("Pictures by label", "레이블별 그림")
}

/// Label, pictures, writers, some of them.
pub(crate) fn label_columns(lang: Lang) -> [&'static str; 4] {
    lang.pick(["Label", "Pictures", "Writers", "Some of them"], ["레이블", "그림", "쓴 사람", "일부"])
}

pub(crate) fn writers(lang: Lang, count: usize) -> String {
    lang.pick(counted(count, "writer"), format!("쓴 사람 {count}명"))
}

pub(crate) fn by_writer(lang: Lang) -> &'static str {
    lang.pick("Pictures by writer and label", "쓴 사람과 레이블별 그림")
}

/// Writer, pictures.
pub(crate) fn writer_columns(lang: Lang) -> [&'static str; 2] {
    lang.pick(["Writer", "Pictures"], ["쓴 사람", "그림"])
}

pub(crate) fn more_writers(lang: Lang, more: usize) -> String {
    let further = counted(more, "further writer");
    lang.pick(format!("{further} not shown."), format!("나머지 {more}명은 보이지 않았습니다."))
}
