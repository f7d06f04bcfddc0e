//! Which array of a file holds the pictures and which one their labels.

use stage_files::refuse;

use super::array::Array;
use crate::import::names::Names;

/// Pictures and labels that belong together.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    /// The pictures.
    pub images: &'a Array,
    /// The axis along which one picture follows the other.
    pub axis: usize,
    /// The labels.
    pub labels: &'a Array,
}

/// The arrays with these names, or the only two that can be pictures and labels; of Keras' four the training part.
///
/// # Errors
/// No such pair, or several.
pub(super) fn find<'a>(arrays: &'a [Array], names: &Names) -> anyhow::Result<Pair<'a>> {
    let has_name = |array: &Array, name: &Option<String>| name.as_ref().is_none_or(|name| array.name == *name);
    for (option, name) in [("images", &names.images), ("labels-array", &names.labels)] {
        if let Some(name) = name
            && !arrays.iter().any(|array| array.name == *name)
        {
            refuse!("--{option} {name}: no array has this name; there are {}", all(arrays));
        }
    }
    let mut pairs = Vec::new();
    for images in arrays.iter().filter(|array| has_name(array, &names.images)) {
        for labels in arrays.iter().filter(|array| has_name(array, &names.labels)) {
            if let Some(axis) = axis(images, labels).filter(|_| !std::ptr::eq(images, labels)) {
                pairs.push(Pair { images, axis, labels });
            }
        }
    }
    let is_keras = |pair: &&Pair<'_>| (&*pair.images.name, &*pair.labels.name) == ("x_train", "y_train");
    match (&pairs[..], pairs.iter().find(is_keras)) {
        ([pair], _) | (_, Some(pair)) => Ok(*pair),
        ([], None) => refuse!(
            "no array of pictures with one of labels, one label a picture; there are {}; give a file that has both{}",
            all(arrays),
            if names.images.is_some() || names.labels.is_some() {
                ", or leave --images and --labels-array out"
            } else {
                ""
            }
        ),
        (_, None) => refuse!(
            "more than one array may hold the pictures or the labels; there are {}; name them with --images and \
             --labels-array",
            all(arrays)
        ),
    }
}

/// How many labels an array holds, if it can hold labels: a row or column of numbers, or ten columns.
pub(super) fn label_count(array: &Array) -> Option<usize> {
    match array.shape[..] {
        [n] | [n, 1 | 10] | [1, n] if n > 0 => Some(n),
        _ => None,
    }
}

/// The axis of the pictures, if the arrays fit: the first one, or the last one in the order in which MATLAB and Octave
/// stack pictures.
fn axis(images: &Array, labels: &Array) -> Option<usize> {
    let count = label_count(labels)?;
    let last = images.shape.len().checked_sub(1)?;
    if last == 0 || images.len() <= 3 * count {
        return None;
    }
    let order = if images.first_fastest && last > 1 { [last, 0] } else { [0, last] };
    order.into_iter().find(|&axis| images.shape[axis] == count)
}

fn all(arrays: &[Array]) -> String {
    arrays.iter().map(Array::described).collect::<Vec<_>>().join(", ")
}
