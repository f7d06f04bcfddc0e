//! The arrays of a file that the user names.

/// Names of the arrays, as the user gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The array of the pictures.
    pub images: Option<String>,
    /// The array of the labels.
    pub labels: Option<String>,
}
