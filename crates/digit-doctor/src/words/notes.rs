//! What was not looked for, and what is true of all pictures.

use stage_page::Lang;

use crate::reason::Note;

pub(crate) fn note(lang: Lang, note: Note) -> String {
    match note {
        Note::LightOnDark => lang
            .pick("The pictures are light ink on dark paper.", "그림은 어두운 종이에 밝은 잉크로 쓴 것입니다.")
            .into(),
        Note::OnlyClosestCopies => lang
            .pick(
                "Of prepared rows only the closest copies are found: preprocessing makes different pictures of one form \
                 alike. Look at the folder of source pictures to find more.",
                "전처리한 행에서는 아주 가까운 복사본만 찾습니다. 모양이 같은 서로 다른 그림이 전처리를 거치면 비슷해지기 때문입니다. 더 찾으려면 원본 그림의 폴더를 살펴보세요.",
            )
            .into(),
        Note::NotJudged(count) => lang.pick(
            format!(
                "The labels of {count} pictures were not judged: they are blank, or too few others have their label."
            ),
            format!("그림 {count}개의 레이블은 판단하지 않았습니다. 비어 있거나, 레이블이 같은 그림이 너무 적습니다."),
        ),
        Note::NoWrongLabels(least) => lang.pick(
            format!("Wrong labels were not looked for: that takes two labels with {least} pictures each."),
            format!("틀린 레이블은 찾지 않았습니다. 그림이 {least}개 이상인 레이블이 두 가지 있어야 합니다."),
        ),
        Note::NoOutliers(least) => lang.pick(
            format!("Outliers were not looked for: that takes {least} pictures."),
            format!("동떨어진 그림은 찾지 않았습니다. 그림이 {least}개 이상 있어야 합니다."),
        ),
        Note::NoCutDigits { at_border, all } => lang.pick(
            format!(
                "Cut digits were not looked for: {at_border} of {all} pictures have ink at the border, so digits fill \
                 the pictures."
            ),
            format!(
                "잘린 숫자는 찾지 않았습니다. 그림 {all}개 중 {at_border}개의 가장자리에 잉크가 있으니, 숫자가 그림을 가득 채우고 있습니다."
            ),
        ),
    }
}
