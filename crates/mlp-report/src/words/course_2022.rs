//! The 2022 experiments: conclusions, verdicts, reasons and evidence.

use stage_page::Lang;

use crate::course_2022::Verdict;

pub(crate) fn heading(lang: Lang) -> String {
    lang.pick("The 2022 experiments", "2022년 실험").into()
}

pub(crate) fn rule(lang: Lang) -> String {
    lang.pick(
        "A conclusion stands, or does not stand, when enough of its comparisons are significant after Holm's \
         correction within the conclusion; otherwise it is undecided. The pictures are not those of 2022, so \
         accuracies may differ for that reason alone.",
        "결론마다 홀름 보정을 한 뒤 유의한 비교가 충분하면 그 결론이 성립하거나 성립하지 않는다고 보고, 그렇지 않으면 판단을 보류합니다. 2022년의 그림이 아니므로 그 이유만으로도 정확도가 다를 수 \
         있습니다.",
    )
    .into()
}

pub(crate) fn conclusions(lang: Lang) -> String {
    lang.pick("Conclusions of 2022 and what these runs say about them", "2022년의 결론과 이 실행들의 결과").into()
}

pub(crate) fn conclusion_columns(lang: Lang) -> [&'static str; 3] {
    lang.pick(["conclusion", "verdict", "why"], ["결론", "판정", "이유"])
}

pub(crate) fn evidence(lang: Lang, number: &str, claim: &str) -> String {
    lang.pick(format!("Evidence: {number} {claim}"), format!("근거: {number} {claim}"))
}

pub(crate) fn verdict(lang: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Stands => lang.pick("stands", "성립"),
        Verdict::DoesNotStand => lang.pick("does not stand", "성립하지 않음"),
        Verdict::Undecided => lang.pick("undecided", "판단 보류"),
    }
}

pub(crate) fn summary(lang: Lang, number: &str, of: Verdict, claim: &str) -> String {
    let verdict = verdict(lang, of);
    lang.pick(
        format!("Conclusion {number} of 2022 {verdict}: \"{claim}\""),
        format!("2022년의 결론 {number}, {verdict}: \"{claim}\""),
    )
}

pub(crate) fn beside(lang: Lang) -> String {
    lang.pick("The numbers of 2022 (one run each) beside ours", "2022년의 값(실행 1개씩)과 이번 값").into()
}

pub(crate) fn beside_columns(lang: Lang) -> [&'static str; 9] {
    lang.pick(
        [
            "experiment",
            "#loss, 2022",
            "#loss",
            "#test accuracy, 2022",
            "#test accuracy",
            "#95 % interval",
            "#runs",
            "#near zero at epoch, 2022",
            "#near zero at epoch",
        ],
        [
            "실험",
            "#손실, 2022년",
            "#손실",
            "#테스트 정확도, 2022년",
            "#테스트 정확도",
            "#95 % 신뢰구간",
            "#실행",
            "#0에 가까워진 에포크, 2022년",
            "#0에 가까워진 에포크",
        ],
    )
}

/// The claims of 2022, by their numbers.
pub(crate) fn claim(lang: Lang, number: &str) -> &'static str {
    match number {
        "1." => lang.pick(
            "What makes the loss reach 0 is the number of nodes per layer, not the number of layers.",
            "손실이 0에 도달하게 하는 것은 층의 수가 아니라 층마다 있는 노드의 수이다.",
        ),
        "2." => lang.pick(
            "The width of the first hidden layer has a large influence on accuracy.",
            "첫째 은닉층의 너비가 정확도에 큰 영향을 준다.",
        ),
        "3." => lang.pick("Too many hidden layers hurt.", "은닉층이 너무 많으면 해롭다."),
        "4." => lang.pick("Sigmoid between hidden layers is unsuitable.", "은닉층 사이의 시그모이드는 적합하지 않다."),
        "5a." => lang.pick(
            "Normal initialisation with a fixed small standard deviation fails for deeper nets.",
            "작은 표준편차로 고정한 정규분포 초기화는 깊은 신경망에서 실패한다.",
        ),
        _ => lang.pick(
            "Normal initialisation with a fixed small standard deviation fails for larger inputs.",
            "작은 표준편차로 고정한 정규분포 초기화는 입력이 크면 실패한다.",
        ),
    }
}

pub(crate) fn too_few(lang: Lang, found: usize, planned: usize) -> String {
    lang.pick(
        format!("only {found} of its {planned} comparisons can be made with these runs"),
        format!("이 실행들로는 비교 {planned}개 가운데 {found}개만 할 수 있습니다"),
    )
}

pub(crate) fn layers_matter(lang: Lang, by_depth: usize, all: usize) -> String {
    lang.pick(
        format!(
            "the number of layers matters too: in {by_depth} of {all} comparisons at equal width it changes when the \
             loss comes near zero"
        ),
        format!("층의 수도 영향을 줍니다. 너비가 같은 비교 {all}개 가운데 {by_depth}개에서 손실이 0에 가까워지는 때가 달라집니다"),
    )
}

pub(crate) fn wider_sooner(lang: Lang, sooner: usize, wide: usize, deep: usize) -> String {
    lang.pick(
        format!(
            "wider networks come near zero loss sooner in {sooner} of {wide} comparisons, deeper ones neither sooner \
             nor later in {deep}"
        ),
        format!(
            "비교 {wide}개 가운데 {sooner}개에서 넓은 신경망의 손실이 더 일찍 0에 가까워지고, 깊은 신경망은 비교 {deep}개에서 더 이르지도 늦지도 않습니다"
        ),
    )
}

pub(crate) fn wider_undecided(lang: Lang, sooner: usize, later: usize, all: usize) -> String {
    lang.pick(
        format!("wider networks are significantly sooner in {sooner}, later in {later} of {all} comparisons"),
        format!("비교 {all}개 가운데 넓은 신경망이 유의하게 이른 것은 {sooner}개, 늦은 것은 {later}개입니다"),
    )
}

pub(crate) fn first_layer(
    lang: Lang,
    (better, worse): (usize, usize),
    all: usize,
    large: usize,
    points: &str,
) -> String {
    lang.pick(
        format!(
            "a wider first layer is significantly better in {better} of {all} comparisons, by {points} points or more \
             in {large}; worse in {worse}"
        ),
        format!(
            "비교 {all}개 가운데 첫째 층이 넓은 쪽이 유의하게 나은 것은 {better}개(그중 {points} %p 이상 차이 {large}개), 못한 것은 {worse}개입니다"
        ),
    )
}

pub(crate) fn more_layers(lang: Lang, worse: usize, better: usize, all: usize) -> String {
    lang.pick(
        format!(
            "more layers of the same width are significantly worse in {worse}, better in {better} of {all} comparisons"
        ),
        format!(
            "비교 {all}개 가운데 같은 너비의 층을 늘려 유의하게 나빠진 것은 {worse}개, 좋아진 것은 {better}개입니다"
        ),
    )
}

pub(crate) fn sigmoid_not_here(lang: Lang) -> String {
    lang.pick("experiments 01, 02 and 07 are not all here", "실험 01, 02, 07이 모두 있지는 않습니다").into()
}

pub(crate) fn sigmoid_worse(lang: Lang) -> String {
    lang.pick(
        "sigmoid is significantly worse than both tanh and ReLU",
        "시그모이드가 tanh, ReLU 모두보다 유의하게 나쁩니다",
    )
    .into()
}

pub(crate) fn sigmoid_at_most(lang: Lang, points: &str) -> String {
    lang.pick(
        format!("sigmoid is at most {points} points worse"),
        format!("시그모이드가 나쁘더라도 {points} %p를 넘지 않습니다"),
    )
}

pub(crate) fn sigmoid_undecided(lang: Lang, worse: usize, all: usize) -> String {
    lang.pick(
        format!("sigmoid is significantly worse in {worse} of {all} comparisons"),
        format!("비교 {all}개 가운데 시그모이드가 유의하게 나쁜 것은 {worse}개입니다"),
    )
}

/// The reason of conclusion 5a; `None` where they learn about equally often.
pub(crate) fn deeper(lang: Lang, is_rarer: Option<bool>) -> String {
    match is_rarer {
        Some(true) => lang.pick(
            "with a standard deviation of 0.003, [8, 8, 8] learns more rarely than [8, 8]",
            "표준편차가 0.003이면 [8, 8, 8]은 [8, 8]보다 드물게 배웁니다",
        ),
        Some(false) => lang.pick(
            "with a standard deviation of 0.003, [8, 8, 8] learns more often than [8, 8]",
            "표준편차가 0.003이면 [8, 8, 8]은 [8, 8]보다 자주 배웁니다",
        ),
        None => lang.pick(
            "[8, 8, 8] and [8, 8] with a standard deviation of 0.003 learn about equally often",
            "표준편차가 0.003이면 [8, 8, 8]과 [8, 8]은 비슷하게 자주 배웁니다",
        ),
    }
    .into()
}

pub(crate) fn deeper_not_here(lang: Lang) -> String {
    lang.pick("experiments 09 and 12 are not both here", "실험 09, 12가 모두 있지는 않습니다").into()
}

pub(crate) fn inputs(lang: Lang) -> String {
    lang.pick("all 28 experiments have 400 inputs", "실험 28개의 입력이 모두 400개입니다").into()
}

pub(crate) fn no_inputs(lang: Lang) -> String {
    lang.pick("No experiment varies the number of inputs.", "입력의 수를 바꾼 실험이 없습니다.").into()
}

pub(crate) fn not_here(lang: Lang, a: u32, b: u32) -> String {
    lang.pick(
        format!("Experiments {a:02} and {b:02} are not both here."),
        format!("실험 {a:02}, {b:02}: 둘 다 있지는 않습니다."),
    )
}

pub(crate) fn neither_learns(lang: Lang, a: &str, b: &str) -> String {
    lang.pick(
        format!("{a} and {b} learn in no run, so they cannot be compared."),
        format!("{a}, {b}: 어느 실행에서도 배우지 못하여 비교할 수 없습니다."),
    )
}

pub(crate) fn incomparable(lang: Lang, a: &str, b: &str) -> String {
    lang.pick(
        format!("{a} and {b} have no runs that can be compared."),
        format!("{a}, {b}: 비교할 수 있는 실행이 없습니다."),
    )
}

pub(crate) fn median_epoch(lang: Lang, epoch: u32) -> String {
    lang.pick(format!("at epoch {epoch} (median)"), format!("에포크 {epoch}(중앙값)"))
}

pub(crate) fn reached(lang: Lang, some: usize, all: usize) -> String {
    lang.pick(format!("in {some} of {all} runs"), format!("실행 {all}개 중 {some}개에서"))
}

pub(crate) fn near_zero(lang: Lang, (a, when_a): (&str, &str), (b, when_b): (&str, &str), p: &str) -> String {
    lang.pick(
        format!("{a} comes near zero loss {when_a}, {b} {when_b}; log-rank test, p {p}."),
        format!("손실이 0에 가까워진 때: {a} {when_a}, {b} {when_b}. 로그 순위 검정, p {p}."),
    )
}

pub(crate) fn insignificant(lang: Lang, p: &str) -> String {
    lang.pick(format!("{p}: not significant"), format!("{p}, 유의하지 않음"))
}

/// So many of all runs of two experiments learn.
pub(crate) fn learns(
    lang: Lang,
    (a, yes_a, n_a): (&str, u64, u64),
    (b, yes_b, n_b): (&str, u64, u64),
    (points, p): (&str, &str),
) -> String {
    lang.pick(
        format!(
            "{a} learns in {yes_a} of {n_a} runs, {b} in {yes_b} of {n_b} ({points} points apart); Fisher's exact test, p {p}."
        ),
        format!(
            "배운 실행: {a} {n_a}개 중 {yes_a}개, {b} {n_b}개 중 {yes_b}개({points} %p 차이). 피셔 정확 검정, p {p}."
        ),
    )
}

pub(crate) fn sigmoid_diverges(lang: Lang) -> String {
    lang.pick("with sigmoid every run diverges", "시그모이드를 쓴 실행은 모두 발산합니다").into()
}

pub(crate) fn sigmoid_one_unit(lang: Lang) -> String {
    lang.pick(
        "the only sigmoid experiment has one hidden unit, with which tanh and ReLU do not learn either",
        "시그모이드 실험은 은닉 노드가 하나뿐인 것밖에 없는데, 이때는 tanh와 ReLU도 배우지 못합니다",
    )
    .into()
}
