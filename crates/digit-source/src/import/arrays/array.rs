//! A named array of numbers, in either order.

/// Numbers as the file holds them, or near enough: 32-bit floats hold labels and gray levels exactly.
pub(super) enum Values {
    /// Bytes, as most sets of pictures have them.
    Bytes(Vec<u8>),
    /// All other types.
    Floats(Vec<f32>),
}

/// An array of a file.
pub(super) struct Array {
    /// Its name; empty when the file has one array without a name.
    pub name: String,
    /// Its length along each axis.
    pub shape: Vec<usize>,
    /// Whether the first index varies fastest in `values`, as in MATLAB, and not the last one.
    pub first_fastest: bool,
    /// All values; as many as the product of `shape`.
    pub values: Values,
}

impl Array {
    /// Length of a step along each axis.
    pub(super) fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1; self.shape.len()];
        let mut step = 1;
        for k in 0..self.shape.len() {
            let axis = if self.first_fastest { k } else { self.shape.len() - 1 - k };
            strides[axis] = step;
            step *= self.shape[axis];
        }
        strides
    }

    /// The value at a position in the file's order.
    pub(super) fn value(&self, at: usize) -> f32 {
        match &self.values {
            Values::Bytes(bytes) => f32::from(bytes[at]),
            Values::Floats(floats) => floats[at],
        }
    }

    /// Number of values.
    pub(super) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// For messages: `x_train (60000x28x28)`.
    pub(super) fn described(&self) -> String {
        let shape = self.shape.iter().map(usize::to_string).collect::<Vec<_>>().join("x");
        format!("{} ({shape})", if self.name.is_empty() { "the array" } else { &self.name })
    }
}
