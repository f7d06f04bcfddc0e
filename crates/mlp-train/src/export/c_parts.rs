//! The parts of the exported C file that do not depend on the model's numbers.

/// `z = x w + bias`, in the order of mlp-core's kernels: each output begins with its bias and adds the inputs in order,
/// with one rounding a step.
pub(crate) const DENSE: &str = "\
/* a * b + c, rounded once. Without the instruction: the product of two floats is exact in double. */
#ifdef __FP_FAST_FMAF
#define FMA(a, b, c) __builtin_fmaf((a), (b), (c))
#else
#define FMA(a, b, c) ((float)((double)(a) * (double)(b) + (double)(c)))
#endif

static void dense(const float *x, int inputs, const float *weight, const float *bias, int outputs, float *z) {
    int i, o;
    for (o = 0; o < outputs; o++) z[o] = bias[o];
    for (i = 0; i < inputs; i++, weight += outputs) {
        const float value = x[i];
        for (o = 0; o < outputs; o++) z[o] = FMA(value, weight[o], z[o]);
    }
}
";

/// The exponential function without the C library: x = n ln 2 + r, e^x = 2^n e^r, e^r by its Taylor series.
pub(crate) const EXPONENTIAL: &str = r"/* e^x. */
static double exponential(double x) {
    const double ln2 = 0.693147180559945309;
    double r, term = 1.0, sum = 1.0;
    int n, k;
    if (x != x) return x;
    if (x > 700.0) x = 700.0;
    if (x < -700.0) return 0.0;
    n = (int)(x / ln2 + (x < 0.0 ? -0.5 : 0.5));
    r = x - n * ln2;
    for (k = 1; k <= 14; k++) {
        term *= r / k;
        sum += term;
    }
    for (; n > 0; n--) sum *= 2.0;
    for (; n < 0; n++) sum *= 0.5;
    return sum;
}
";

/// The error function by the series 2 / sqrt(pi) e^(-x^2) sum 2^k x^(2k+1) / (2k+1)!! (Abramowitz and Stegun 7.1.6),
/// whose terms all have one sign.
pub(crate) const ERROR_FUNCTION: &str = r"/* The error function. */
static double error_function(double x) {
    double term = x, sum = x;
    int k;
    if (x > 6.0) return 1.0;
    if (x < -6.0) return -1.0;
    for (k = 1; k < 200 && term * term > 1e-40; k++) {
        term *= 2.0 * x * x / (2 * k + 1);
        sum += term;
    }
    return 1.128379167095512574 * exponential(-x * x) * sum;
}
";

/// Softmax with the largest value taken away first; the last step of every network. A sum that is infinite or not a
/// number says nothing about the picture.
pub(crate) const SOFTMAX: &str = r"/* Probabilities of the sums z, and the place of the largest; -1 unless all sums are finite. */
static int softmax(const float *z, int outputs, float *probabilities) {
    double total = 0.0;
    int o, best = 0;
    for (o = 0; o < outputs; o++) probabilities[o] = 0.0f;
    for (o = 0; o < outputs; o++) if (!(z[o] - z[o] == 0.0f)) return -1;
    for (o = 1; o < outputs; o++) if (z[o] > z[best]) best = o;
    for (o = 0; o < outputs; o++) {
        const double e = exponential((double)z[o] - (double)z[best]);
        probabilities[o] = (float)e;
        total += e;
    }
    for (o = 0; o < outputs; o++) probabilities[o] = (float)(probabilities[o] / total);
    return best;
}
";
