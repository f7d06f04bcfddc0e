//! A multi-layer perceptron: parameters, kernels, forward, backward, loss, optimisers. No file, no clock, no printing.
