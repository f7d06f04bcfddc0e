//! What the names of pictures say, without their folders.

/// The digits that a name begins with.
pub(crate) fn leading_number(stem: &str) -> &str {
    &stem[..stem.bytes().take_while(u8::is_ascii_digit).count()]
}

/// The digit that a name begins with, when no letter or other digit follows it.
pub(crate) fn leading_digit(stem: &str) -> Option<u8> {
    match stem.as_bytes() {
        [digit @ b'0'..=b'9'] | [digit @ b'0'..=b'9', b'_' | b'-' | b'.' | b' ' | b'(', ..] => Some(digit - b'0'),
        _ => None,
    }
}

/// The second number of `{number}_{digit}` and `{number}_{digit}_..`, when it is one digit.
pub(crate) fn second_digit(stem: &str) -> Option<u8> {
    stem.split_once(['_', '-']).and_then(|(_, rest)| leading_digit(rest))
}

/// The label and the id of a name that begins with its label. After `-` and `.` only a number is taken, as `8-15-2020`
/// and `5.12 receipt` are no labels.
pub(crate) fn split_label(stem: &str) -> Option<(u8, &str)> {
    let label = leading_digit(stem)?;
    let rest = &stem[1..];
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let copy = rest.trim_start();
    let is_copy = copy.strip_prefix('(').and_then(|copy| copy.strip_suffix(')')).is_some_and(is_number);
    let rest = match rest.as_bytes() {
        [] => rest,
        [b'_', _, ..] => &rest[1..],
        [b'-' | b'.', ..] if is_number(&rest[1..]) => &rest[1..],
        _ if is_copy => copy,
        _ => return None,
    };
    Some((label, rest))
}

/// Whether numbers count pictures rather than name what they show: all different, 10 among them and most below it.
pub(crate) fn are_counted(mut numbers: Vec<&str>) -> bool {
    numbers.retain(|number| !number.is_empty());
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    let digits = numbers.iter().filter(|number| number.len() == 1).count();
    numbers.len() == all && numbers.contains(&"10") && digits >= 5
}

/// Whether so many names come again that they are named in each folder for itself. One or two are copies.
pub(crate) fn come_again(mut names: Vec<String>) -> bool {
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    let again = all - names.len();
    again >= 3 && again * 3 >= all
}
