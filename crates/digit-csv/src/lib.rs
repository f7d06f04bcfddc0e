//! Labelled pictures to a data set CSV with one-hot labels.
