//! Why a picture or a group of pictures was found.

use stage_page::Lang;

use super::{name, pictures};
use crate::reason::{Copied, Few, LooksLike, Pattern, Reason, Side};

pub(crate) fn reason(lang: Lang, reason: &Reason) -> String {
    match reason {
        Reason::Copy(copied) => lang.pick(copy(copied), korean_copy(copied)),
        Reason::LooksLike(found) => lang.pick(looks_like(found), korean_looks_like(found)),
        Reason::Alike { labels: [a, b], shares } => {
            let [of_a, of_b] = shares.map(|share| format!("{:.0} %", 100.0 * share));
            lang.pick(
                format!(
                    "pictures labelled {a} and {b} can hardly be told apart ({of_a} and {of_b} are taken for the \
                     other): perhaps both show one digit, or the two are mixed"
                ),
                format!(
                    "레이블 {a}, {b}의 그림은 거의 구별되지 않습니다(각각 {of_a}, {of_b}가 서로 상대방으로 보입니다). 둘 다 같은 숫자이거나 서로 섞인 것일 수 있습니다"
                ),
            )
        }
        Reason::Probabilities { label: (label, own), suggested: (suggested, other) } => lang.pick(
            format!("probability {own:.3} for {label}, {other:.3} for {suggested}"),
            format!("{label}일 확률 {own:.3}, {suggested}일 확률 {other:.3}"),
        ),
        Reason::Blank { darkest, brightest } => lang.pick(
            format!("all pixels are between {darkest} and {brightest}, or too few are darker than the others"),
            format!("모든 픽셀이 {darkest}에서 {brightest} 사이이거나, 나머지보다 어두운 픽셀이 너무 적습니다"),
        ),
        Reason::Cut { side, part } => cut(lang, *side, 100.0 * part),
        Reason::Outlier { others, distance, deviations } => lang.pick(
            format!(
                "the nearest of {others} others is {distance:.2} away, {deviations:.1} deviations beyond the median"
            ),
            format!(
                "다른 그림 {others}개 가운데 가장 가까운 것까지의 거리가 {distance:.2}이며, 중앙값보다 표준편차의 {deviations:.1}배만큼 큽니다"
            ),
        ),
        Reason::UnlikeWriter { label, writer, ratio } => lang.pick(
            format!("the nearest {label} of {writer} is {ratio:.1} times as far away as is usual among them"),
            format!("쓴 사람 {writer}, 숫자 {label}: 가장 가까운 그림까지의 거리가 보통의 {ratio:.1}배입니다"),
        ),
        Reason::Few(found) => few(lang, found),
    }
}

fn few(lang: Lang, found: &Few) -> String {
    match found {
        Few::Label { label, pictures: count, middle } => {
            let pictures = pictures(lang, *count);
            lang.pick(
                format!("label {label} has {pictures}, the label in the middle has {middle}"),
                format!("레이블 {label}: {pictures}. 중간에 있는 레이블은 {middle}개입니다"),
            )
        }
        Few::Writers { writers, all, least, such_as } => {
            let names = such_as.join(", ");
            lang.pick(
                format!("{writers} of {all} writers have fewer than {least} pictures, such as {names}"),
                format!("쓴 사람 {all}명 중 {writers}명의 그림이 {least}개보다 적습니다. 예: {names}"),
            )
        }
        Few::Writer { writer, pictures: count } => {
            let pictures = pictures(lang, *count);
            lang.pick(format!("{writer} has {pictures}"), format!("{writer}: {pictures}"))
        }
    }
}

fn copy(copied: &Copied) -> String {
    let same = if copied.distance.is_none() { "the same pixels" } else { "nearly the same picture" };
    let role = if copied.is_of_test { "the test picture " } else { "" };
    let mut text = format!("{same} as {role}{}", name(Lang::En, &copied.of));
    if let Some(label) = copied.label {
        text += &format!(", which has the label {label}");
    }
    if let Some(writer) = &copied.writer {
        text += &format!(", of {writer}");
    }
    if let Some(distance) = copied.distance {
        text += &format!(" (distance {distance:.3})");
    }
    text
}

fn korean_copy(copied: &Copied) -> String {
    let same = if copied.distance.is_none() { "픽셀이 같은" } else { "거의 같은" };
    let role = if copied.is_of_test { "테스트 그림" } else { "그림" };
    let mut text = format!("{same} {role}: {}", name(Lang::Ko, &copied.of));
    if let Some(label) = copied.label {
        text += &format!(", 레이블 {label}");
    }
    if let Some(writer) = &copied.writer {
        text += &format!(", 쓴 사람 {writer}");
    }
    if let Some(distance) = copied.distance {
        text += &format!(" (거리 {distance:.3})");
    }
    text
}

fn looks_like(found: &LooksLike) -> String {
    let &LooksLike { count, all, label, to, pattern, .. } = found;
    let of_whom = found.writer.as_ref().map_or_else(String::new, |writer| format!(" of {writer}"));
    let pattern = match pattern {
        Pattern::TooSmall => format!("all labels{of_whom} are one too small"),
        Pattern::TooLarge => format!("all labels{of_whom} are one too large"),
        Pattern::Swapped => format!("{label} and {to}{of_whom} are swapped"),
        Pattern::WrongFolder => format!("perhaps the folder {label}{of_whom} has the wrong name"),
    };
    format!("{count} of {all} pictures{of_whom} labelled {label} look like {to}: {pattern}")
}

fn korean_looks_like(found: &LooksLike) -> String {
    let &LooksLike { count, all, label, to, pattern, .. } = found;
    let of_whom = found.writer.as_ref().map_or_else(String::new, |writer| format!("쓴 사람 {writer}: "));
    let pattern = match pattern {
        Pattern::TooSmall => "모든 레이블이 1씩 작습니다".to_owned(),
        Pattern::TooLarge => "모든 레이블이 1씩 큽니다".to_owned(),
        Pattern::Swapped => format!("레이블 {label}, {to}의 그림이 서로 뒤바뀌었습니다"),
        Pattern::WrongFolder => format!("폴더 이름 {label} 자체가 틀렸을 수 있습니다"),
    };
    format!("{of_whom}레이블이 {label}인 그림 {all}개 중 {count}개가 숫자 {to}처럼 보입니다. {pattern}")
}

fn cut(lang: Lang, side: Side, percent: f64) -> String {
    let (english, korean) = match side {
        Side::Top => ("top", "위쪽"),
        Side::Bottom => ("bottom", "아래쪽"),
        Side::Left => ("left", "왼쪽"),
        Side::Right => ("right", "오른쪽"),
    };
    lang.pick(
        format!("ink meets {percent:.0} % of the {english} border: the digit may go on there"),
        format!("{korean} 가장자리의 {percent:.0} %에 잉크가 닿아 있습니다. 숫자가 그쪽으로 이어질 수 있습니다"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Kind;
    use crate::reason::{Name, Note};
    use crate::words::{kinds, notes};
    use test_support::english;

    fn reasons() -> Vec<Reason> {
        let copied =
            |of, is_of_test, distance| Copied { of, is_of_test, label: Some(3), writer: Some("kim".into()), distance };
        let path = Name::Path("3/kim/a.png".into());
        let mut all = vec![
            Reason::Copy(copied(path, true, None)),
            Reason::Copy(copied(Name::Row(7), false, Some(0.01))),
            Reason::Alike { labels: [1, 7], shares: [0.3, 0.4] },
            Reason::Probabilities { label: (1, 0.1), suggested: (7, 0.9) },
            Reason::Blank { darkest: 240, brightest: 240 },
            Reason::Outlier { others: 90, distance: 2.0, deviations: 7.0 },
            Reason::UnlikeWriter { label: 3, writer: "kim".into(), ratio: 2.5 },
            Reason::Few(Few::Label { label: 3, pictures: 2, middle: 90 }),
            Reason::Few(Few::Writer { writer: "kim".into(), pictures: 1 }),
            Reason::Few(Few::Writers { writers: 30, all: 40, least: 5, such_as: vec!["kim".into()] }),
        ];
        all.extend([Side::Top, Side::Bottom, Side::Left, Side::Right].map(|side| Reason::Cut { side, part: 0.2 }));
        let patterns = [Pattern::TooSmall, Pattern::TooLarge, Pattern::Swapped, Pattern::WrongFolder];
        all.extend(patterns.map(|pattern| {
            let writer = (pattern == Pattern::Swapped).then(|| "kim".to_owned());
            Reason::LooksLike(LooksLike { count: 7, all: 8, writer, label: 6, to: 9, pattern })
        }));
        all
    }

    #[test]
    fn what_is_said_in_korean_is_no_english() {
        let notes = [
            Note::LightOnDark,
            Note::OnlyClosestCopies,
            Note::NotJudged(3),
            Note::NoWrongLabels(10),
            Note::NoOutliers(50),
            Note::NoCutDigits { at_border: 20, all: 100 },
        ];
        let said = |lang: Lang| -> Vec<String> {
            let mut said: Vec<String> = reasons().iter().map(|one| reason(lang, one)).collect();
            said.extend(notes.map(|note| notes::note(lang, note)));
            said.extend(
                Kind::ALL
                    .iter()
                    .flat_map(|&kind| [kinds::title(lang, kind), kinds::about(lang, kind)].map(str::to_owned)),
            );
            said
        };
        for (korean, english_text) in said(Lang::Ko).iter().zip(said(Lang::En)) {
            assert!(english(korean).is_none() && *korean != english_text, "{korean}");
            assert!(korean.chars().any(|c| ('가'..='힣').contains(&c)), "{korean}");
        }
        assert!(said(Lang::En).iter().filter(|text| english(text).is_some()).count() > 30);
    }

    /// The numbers of a finding are in both languages.
    #[test]
    fn numbers_are_the_same_in_both_languages() {
        let numbers = |text: String| {
            let mut numbers: Vec<String> = text
                .split(|c: char| !c.is_ascii_digit() && c != '.')
                .map(|number| number.trim_matches('.').to_owned())
                .filter(|number| !number.is_empty())
                .collect();
            numbers.sort();
            numbers.dedup();
            numbers
        };
        for one in reasons() {
            let korean = numbers(reason(Lang::Ko, &one));
            // "One too small" is 1 in Korean.
            let missing: Vec<String> =
                numbers(reason(Lang::En, &one)).into_iter().filter(|number| !korean.contains(number)).collect();
            assert!(missing.is_empty(), "{one:?}: {missing:?}");
        }
    }
}
