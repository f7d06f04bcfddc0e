//! The network as one C99 source file: weights as constants and one function, no library, no allocation; and the header
//! that declares it to C and C++.

use std::fmt::Write;

use mlp_core::activation::{LEAKY_SLOPE, SELU_ALPHA, SELU_SCALE};
use stage_files::config::{ActivationName, Scale};
use stage_files::model::Model;

use super::c_comment::comment_text;
use super::c_parts::{DENSE, ERROR_FUNCTION, EXPONENTIAL, SOFTMAX};

/// Numbers on a line of a table.
const NUMBERS_A_LINE: usize = 8;
/// The macro that keeps the declarations from standing twice, and the mark of a header of ours.
pub(super) const GUARD: &str = "DIGIT_PREDICT_H";

/// The text of the header: what a program includes that is linked with the compiled source.
pub fn c_header(model: &Model) -> String {
    let inputs = model.layers.first().map_or(0, |layer| layer.inputs);
    let outputs = model.labels.len();
    let digits: Vec<String> = model.labels.as_slice().iter().map(u8::to_string).collect();
    format!(
        "/* {}: a multi-layer perceptron for the digits {}, written by mlp-train {}.\n *\n{}\n */\n\n\
         #ifndef {GUARD}\n#define {GUARD}\n\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n\
         enum {{ DIGIT_INPUTS = {inputs}, DIGIT_OUTPUTS = {outputs} }};\n\n{}\
         int digit_predict(const float *pixels, float *probabilities);\n\
         int digit_predict_u8(const unsigned char *pixels, float *probabilities);\n\n\
         #ifdef __cplusplus\n}}\n#endif\n\n#endif\n",
        comment_text(&model.name),
        model.labels,
        env!("CARGO_PKG_VERSION"),
        usage(inputs, outputs, &digits),
        guarantee(model),
    )
}

/// The probability from which on answers may be accepted, with what that promises.
fn guarantee(model: &Model) -> String {
    let Some((guarantee, threshold)) = model.guarantee.as_ref().and_then(|g| Some((g, g.probability_threshold?)))
    else {
        return String::new();
    };
    format!(
        "/* Of the answers whose largest probability is at least this, at most {} % are wrong, with {} %\n * \
         confidence, on pictures like the {} that it was measured on. */\n#define DIGIT_ACCEPT {threshold:?}f\n\n",
        100.0 * guarantee.error,
        100.0 * guarantee.level,
        guarantee.pictures,
    )
}

/// The text of the source file. It holds its own declarations, so it can be compiled alone, as C or as C++.
pub fn c_source(model: &Model) -> String {
    let outputs = model.labels.len();
    let widest = model.layers.iter().map(|layer| layer.inputs.max(layer.outputs)).max().unwrap_or(outputs);
    let digits: Vec<String> = model.labels.as_slice().iter().map(u8::to_string).collect();
    let mut text = c_header(model);
    let _ = writeln!(text, "\nenum {{ DIGIT_WIDEST = {widest} }};\n");
    let _ = writeln!(text, "static const unsigned char digit_labels[{outputs}] = {{{}}};\n", digits.join(", "));
    if let Some((mean, divisor)) = &model.scaling.standard {
        table(&mut text, "input_mean", mean);
        table(&mut text, "input_std", divisor);
    }
    for (i, layer) in model.layers.iter().enumerate() {
        table(&mut text, &format!("weight_{i}"), &layer.weight);
        table(&mut text, &format!("bias_{i}"), &layer.bias);
    }
    for part in [DENSE, EXPONENTIAL] {
        text.push_str(part);
        text.push('\n');
    }
    if model.activation.contains(&ActivationName::Gelu) {
        text.push_str(ERROR_FUNCTION);
        text.push('\n');
    }
    activations(&mut text, model);
    text.push_str(SOFTMAX);
    text.push_str(&functions(model));
    text
}

/// A function for each kind of activation that the model has.
fn activations(text: &mut String, model: &Model) {
    let mut known = Vec::new();
    for &activation in &model.activation {
        if let Some(formula) = formula(activation)
            && !known.contains(&activation)
        {
            known.push(activation);
            let _ = writeln!(
                text,
                "static void apply_{}(float *values, int count) {{\n    for (; count > 0; count--, values++) \
                 {{\n        \
                 const float z = *values;\n        *values = {formula};\n    }}\n}}\n",
                activation.as_str()
            );
        }
    }
}

fn usage(inputs: usize, outputs: usize, digits: &[String]) -> String {
    format!(
        " * digit_predict takes the {inputs} pixels of a prepared picture row by row, 0 black to 255 white, as the \
         data\n \
         * set's CSV holds them, and writes {outputs} probabilities, those of the digits {}. It returns\n \
         * the most probable digit, or -1 and no probability above 0 when a sum overflows. digit_predict_u8 does the\n \
         * same for pixels in bytes. Both need no library, keep no state, allocate nothing and may be called from\n \
         * several threads.",
        digits.join(" ")
    )
}

fn table(text: &mut String, name: &str, values: &[f32]) {
    let _ = writeln!(text, "static const float {name}[{}] = {{", values.len());
    for line in values.chunks(NUMBERS_A_LINE) {
        // The shortest decimal that reads back as the same float.
        let numbers: Vec<String> = line.iter().map(|value| format!("{value:?}f")).collect();
        let _ = writeln!(text, "    {},", numbers.join(", "));
    }
    text.push_str("};\n\n");
}

/// The value of an activation for the sum `z`; `None` for the one that changes nothing.
fn formula(activation: ActivationName) -> Option<String> {
    Some(match activation {
        ActivationName::Identity => return None,
        ActivationName::Sigmoid => "(float)(1.0 / (1.0 + exponential(-(double)z)))".into(),
        ActivationName::Tanh => "(float)(1.0 - 2.0 / (1.0 + exponential(2.0 * z)))".into(),
        ActivationName::Relu => "z > 0.0f ? z : 0.0f".into(),
        ActivationName::LeakyRelu => format!("z > 0.0f ? z : {LEAKY_SLOPE:?}f * z"),
        ActivationName::Selu => {
            format!("{SELU_SCALE:?}f * (z > 0.0f ? z : (float)({SELU_ALPHA:?}f * (exponential((double)z) - 1.0)))")
        }
        ActivationName::Gelu => "(float)(0.5 * z * (1.0 + error_function(0.707106781186547524 * z)))".into(),
    })
}

/// The functions that the file is for.
fn functions(model: &Model) -> String {
    let mut scaled = "(float)pixels[i]".to_owned();
    if model.scaling.invert {
        scaled = format!("(255.0f - {scaled})");
    }
    scaled = match (model.scaling.scale, &model.scaling.standard) {
        (Scale::Unit, _) => format!("{scaled} / 255.0f"),
        (Scale::Standard, Some(_)) => format!("({scaled} - input_mean[i]) / input_std[i]"),
        (Scale::Raw | Scale::Standard, _) => scaled,
    };
    let mut network = String::new();
    for (i, layer) in model.layers.iter().enumerate() {
        let (from, to) = if i.is_multiple_of(2) { ("a", "b") } else { ("b", "a") };
        let _ =
            writeln!(network, "    dense({from}, {}, weight_{i}, bias_{i}, {}, {to});", layer.inputs, layer.outputs);
        if let Some(activation) = model.activation.get(i).filter(|&&name| name != ActivationName::Identity) {
            let _ = writeln!(network, "    apply_{}({to}, {});", activation.as_str(), layer.outputs);
        }
    }
    let last = if model.layers.len().is_multiple_of(2) { "a" } else { "b" };
    if model.temperature != 1.0 {
        let _ = writeln!(network, "    for (i = 0; i < DIGIT_OUTPUTS; i++) {last}[i] /= {:?}f;", model.temperature);
    }
    let counter = if model.temperature == 1.0 { "" } else { "    int i;\n" };
    let entry = |name: &str, pixel: &str| {
        format!(
            "\nint {name}(const {pixel} *pixels, float *probabilities) {{\n    float a[DIGIT_WIDEST];\n    int i;\n    \
             for (i = 0; i < DIGIT_INPUTS; i++) a[i] = {scaled};\n    return network(a, probabilities);\n}}\n"
        )
    };
    format!(
        "\n/* The layers in turn, from `a` to `b` and back. */\nstatic int network(float *a, float *probabilities) {{\n    \
         float b[DIGIT_WIDEST];\n    int class_index;\n{counter}{network}    class_index = softmax({last}, \
         DIGIT_OUTPUTS, probabilities);\n    return class_index < 0 ? -1 : digit_labels[class_index];\n}}\n{}{}",
        entry("digit_predict", "float"),
        entry("digit_predict_u8", "unsigned char"),
    )
}
