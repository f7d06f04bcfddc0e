//! Of which writers an accuracy speaks, in the language of a page.

use mlp_statistics::sample_size::about;
use mlp_statistics::writers::{LEAST_WRITERS, Writers};

use crate::lang::Lang;

/// [`Writers::sentence`], in a language; it begins with a small letter and has no full stop.
pub fn sentence(lang: Lang, of: &Writers) -> String {
    lang.pick(of.sentence(), korean(of))
}

fn korean(of: &Writers) -> String {
    const OF_THESE: &str = "이 사람들의 글씨에만 해당합니다";
    let Some(writers) = of.known() else {
        return match of.unknown() {
            _ if of.by_writer().next().is_none() => format!("쓴 사람을 알 수 없으므로 {OF_THESE}"),
            pictures => format!("그림 {pictures}개는 쓴 사람을 알 수 없으므로 {OF_THESE}"),
        };
    };
    let trained = of.trained();
    if trained > 0 {
        return match writers {
            1 => "쓴 사람이 한 명뿐이고 학습에도 참여했으므로 그 사람의 글씨에만 해당합니다".to_owned(),
            _ if trained == writers => format!("쓴 사람 {writers}명이 모두 학습에도 참여했으므로 {OF_THESE}"),
            _ => format!("쓴 사람 {writers}명 가운데 {trained}명이 학습에도 참여했으므로 {OF_THESE}"),
        };
    }
    let Some((low, high)) = of.interval() else {
        return format!(
            "쓴 사람이 {writers}명이라 사람을 단위로 신뢰구간을 구하기에는 적습니다({LEAST_WRITERS}명 필요). {OF_THESE}"
        );
    };
    let interval = format!("95 % 신뢰구간 {low:.3} .. {high:.3}, 쓴 사람 {writers}명 기준");
    match of.more_to_halve().map(about) {
        Some(more) => format!("{interval}. 약 {more}명이 더 있으면 구간이 절반으로 줄어듭니다"),
        None => format!("{interval}. 시드에 따른 차이가 있어, 사람이 늘어도 절반으로 줄지 않습니다"),
    }
}
