//! The kinds of findings: the heading of each section, what it means and what to do.

use stage_page::Lang;

use crate::finding::Kind;

/// The heading of its section.
pub(crate) fn title(lang: Lang, kind: Kind) -> &'static str {
    let (english, korean) = match kind {
        Kind::Leak => ("Both in training and in test", "학습과 테스트에 모두 있는 그림"),
        Kind::Contradiction => ("Copies with different labels", "레이블이 서로 다른 복사본"),
        Kind::OutOfOrder => ("Labels out of order", "뒤섞인 레이블"),
        Kind::WrongLabel => ("Likely wrong labels", "틀린 것 같은 레이블"),
        Kind::CopyOfOtherWriter => ("Copies of another writer's pictures", "다른 사람 그림의 복사본"),
        Kind::Copy => ("Copies", "복사본"),
        Kind::Blank => ("Blank pictures", "빈 그림"),
        Kind::Cut => ("Cut digits", "잘린 숫자"),
        Kind::Outlier => ("Outliers", "동떨어진 그림"),
        Kind::UnlikeWriter => ("Unlike the writer's others", "쓴 사람의 다른 그림과 다른 것"),
        Kind::FewOfLabel => ("Labels with few pictures", "그림이 적은 레이블"),
        Kind::FewOfWriter => ("Writers with few pictures", "그림이 적은 사람"),
    };
    lang.pick(english, korean)
}

/// What a finding of this kind means, and what to do.
pub(crate) fn about(lang: Lang, kind: Kind) -> &'static str {
    let (english, korean) = match kind {
        Kind::Leak => (
            "A network remembers these test pictures from training, so its test accuracy is too high. Drop one of each \
             pair.",
            "신경망이 학습할 때 본 그림을 테스트에서 기억해 내므로 테스트 정확도가 지나치게 높아집니다. 쌍마다 하나를 빼세요.",
        ),
        Kind::Contradiction => (
            "At most one of the labels is right. Relabel or drop the other picture.",
            "레이블 가운데 많아야 하나만 맞습니다. 다른 그림의 레이블을 바꾸거나 그림을 빼세요.",
        ),
        Kind::OutOfOrder => (
            "Most pictures of the group look like another digit to networks that did not train on them. A button \
             decides about the whole group.",
            "이 그림들로 학습하지 않은 신경망에는 대부분 다른 숫자로 보입니다. 버튼을 누르면 묶음 전체에 적용됩니다.",
        ),
        Kind::WrongLabel => (
            "Networks that did not train on the picture deny its label. The surest come first. Many further down are \
             merely hard to read: keep those.",
            "그 그림으로 학습하지 않은 신경망이 레이블에 동의하지 않습니다. 확실한 것부터 나옵니다. 뒤쪽에는 그저 알아보기 어려운 그림이 많으니, 그런 그림은 그대로 두세요.",
        ),
        Kind::CopyOfOtherWriter => (
            "One of the two was filed under the wrong writer, or handed in twice.",
            "둘 가운데 하나가 다른 사람의 것으로 들어갔거나 두 번 제출되었습니다.",
        ),
        Kind::Copy => (
            "The second picture adds nothing, and weighs the first one twice. Drop it.",
            "두 번째 그림은 보태는 것 없이 첫 번째 그림을 두 번 세게 합니다. 빼세요.",
        ),
        Kind::Blank => ("Nothing is to be seen. Drop it.", "아무것도 보이지 않습니다. 빼세요."),
        Kind::Cut => (
            "Ink runs along the border: a part of the digit may be missing.",
            "잉크가 가장자리에 닿아 있습니다. 숫자의 일부가 없을 수 있습니다.",
        ),
        Kind::Outlier => (
            "No other picture is like it: perhaps no digit, or one that went wrong.",
            "비슷한 그림이 없습니다. 숫자가 아니거나 잘못 쓴 숫자일 수 있습니다.",
        ),
        Kind::UnlikeWriter => (
            "Perhaps by somebody else, or filed in the wrong place.",
            "다른 사람이 썼거나 엉뚱한 곳에 들어간 것일 수 있습니다.",
        ),
        Kind::FewOfLabel => (
            "A network learns little about a digit of which there are few pictures. Add some.",
            "그림이 적은 숫자는 신경망이 거의 배우지 못합니다. 그림을 더하세요.",
        ),
        Kind::FewOfWriter => (
            "With few pictures of a writer, an accuracy on that writer says little.",
            "한 사람의 그림이 적으면 그 사람에 대한 정확도는 알려 주는 것이 거의 없습니다.",
        ),
    };
    lang.pick(english, korean)
}
