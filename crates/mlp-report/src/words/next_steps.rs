//! What to do next.

use stage_page::Lang;

use super::towards;

pub(crate) fn other_writers(lang: Lang) -> String {
    lang.pick(
        "Test it on writers who are not in this data set: digit-predict reads their pictures.",
        "이 데이터 세트에 없는 사람의 글씨로 시험해 보세요. digit-predict 명령이 그 그림을 읽습니다.",
    )
    .into()
}

pub(crate) fn copied(lang: Lang) -> String {
    lang.pick(
        "Take the copies of training rows out of the test rows; until then the accuracy is too high.",
        "학습 행과 같은 행을 테스트 행에서 빼세요. 그때까지는 정확도가 실제보다 높게 나옵니다.",
    )
    .into()
}

pub(crate) fn nothing_learned(lang: Lang) -> String {
    lang.pick(
        "Look at the labels and at the learning rate: nothing is significantly better than always predicting the most \
         frequent digit.",
        "레이블과 학습률을 확인하세요. 가장 흔한 숫자만 예측하는 것보다 유의하게 나은 실험이 없습니다.",
    )
    .into()
}

pub(crate) fn overfitted(lang: Lang, training: f64) -> String {
    lang.pick(
        format!(
            "Add writers, or augmentation: the training accuracy is {training:.3}, so the network fits its training \
             rows better than new ones."
        ),
        format!(
            "글씨를 쓴 사람을 늘리거나 데이터 증강을 쓰세요. 학습 정확도가 {training:.3}이므로 신경망이 새로운 행보다 학습 행에 더 잘 맞춰져 있습니다."
        ),
    )
}

pub(crate) fn underfitted(lang: Lang, training: f64) -> String {
    lang.pick(
        format!(
            "Train longer, or a larger network: the training accuracy is {training:.3}, so even the training rows are \
             not learned."
        ),
        format!("더 오래 학습하거나 더 큰 신경망을 쓰세요. 학습 정확도가 {training:.3}에 그쳐 학습 행조차 다 배우지 못했습니다."),
    )
}

/// `has_more` where a further rival is as close.
pub(crate) fn seeds(lang: Lang, rival: &str, has_more: bool) -> String {
    let (more, next) = if has_more { (" and the next best", ", 그다음으로 좋은 실험") } else { ("", "") };
    lang.pick(
        format!(
            "Train it and {rival}{more} with at least 5 seeds (mlp-train --seeds 5): there are not enough to tell \
             which is better."
        ),
        format!(
            "이 실험과 {rival}{next}: 시드를 5개 이상으로 학습하세요(mlp-train --seeds 5). 지금은 시드가 적어 어느 쪽이 나은지 알 수 없습니다."
        ),
    )
}

pub(crate) fn pair(lang: Lang, label: u8, predicted: u8, count: u64, wrong: u64) -> String {
    let to = towards(predicted);
    lang.pick(
        format!(
            "Look at the pictures of {label} that are predicted as {predicted}: they are {count} of {wrong} mistakes."
        ),
        format!(
            "{label}인데 {predicted}{to} 예측한 그림을 살펴보세요. 오분류 {wrong}개 가운데 {count}개가 그렇습니다."
        ),
    )
}

pub(crate) fn mistake(lang: Lang, label: u8, predicted: u8, count: u64, rows: u64) -> String {
    lang.pick(
        format!("{label} predicted as {predicted}, {count} of {rows}"),
        format!("{label} → {predicted} 예측, {rows}개 중 {count}개"),
    )
}
