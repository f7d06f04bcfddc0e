//! A trained model and pictures to labels with probabilities.
