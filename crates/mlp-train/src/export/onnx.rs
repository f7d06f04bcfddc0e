//! The network as an ONNX model.
//!
//! The graph is `pixels` (N, I) -> scaling -> layers -> division by the temperature -> softmax -> `probabilities`
//! (N, O), in f32. It uses operator set 13 and nothing newer, so that old runtimes read it. Field numbers are those of
//! `onnx.proto` (github.com/onnx/onnx).

use mlp_core::activation::{LEAKY_SLOPE, SELU_ALPHA, SELU_SCALE};
use stage_files::config::{ActivationName, Scale};
use stage_files::model::Model;

use super::protobuf::Message;

/// `ModelProto.ir_version` that goes with the operator set.
const IR_VERSION: u64 = 7;
const OPERATOR_SET: u64 = 13;
/// Name of the graph's input.
const INPUT: &str = "pixels";
/// Name of its output, which is that of the softmax.
const OUTPUT: &str = "probabilities";
/// `TensorProto.DataType.FLOAT`.
const FLOAT: u64 = 1;
/// `AttributeProto.AttributeType.FLOAT`.
const FLOAT_ATTRIBUTE: u64 = 1;

/// The bytes of the ONNX file.
pub fn onnx(model: &Model) -> Vec<u8> {
    let mut graph = Graph::new();
    graph.scaling(model);
    for (i, layer) in model.layers.iter().enumerate() {
        let (weight, bias) = (format!("layers.{i}.weight"), format!("layers.{i}.bias"));
        graph.constant(&weight, &[layer.inputs, layer.outputs], &layer.weight);
        graph.constant(&bias, &[layer.outputs], &layer.bias);
        graph.node("Gemm", &[&weight, &bias], &[]);
        if let Some(&activation) = model.activation.get(i) {
            graph.activation(activation);
        }
    }
    if model.temperature != 1.0 {
        graph.with_scalar("Div", "temperature", model.temperature);
    }
    graph.node("Softmax", &[], &[]);
    let inputs = model.layers.first().map_or(0, |layer| layer.inputs);
    let labels: Vec<String> = model.labels.as_slice().iter().map(u8::to_string).collect();
    let model_message = Message::default()
        .int(1, IR_VERSION)
        .bytes(2, "mlp-train")
        .bytes(3, env!("CARGO_PKG_VERSION"))
        .message(7, &graph.finish(graph_name(&model.name), inputs, labels.len()))
        .message(8, &Message::default().bytes(1, "").int(2, OPERATOR_SET))
        .message(14, &Message::default().bytes(1, "labels").bytes(2, labels.join(",")));
    let guarantee = model.guarantee.as_ref().and_then(|guarantee| serde_json::to_string(guarantee).ok());
    let properties = guarantee.map(|text| Message::default().bytes(1, "guarantee").bytes(2, text));
    properties.iter().fold(model_message, |message, property| message.message(14, property)).into_bytes()
}

/// The checker of the format wants a name.
fn graph_name(name: &str) -> &str {
    if name.is_empty() { "model" } else { name }
}

/// Nodes in a chain: each takes the value before it and gives one value.
struct Graph {
    nodes: Vec<Message>,
    constants: Vec<Message>,
    /// Name of the value that the next node takes.
    last: String,
}

impl Graph {
    fn new() -> Self {
        Self { nodes: Vec::new(), constants: Vec::new(), last: INPUT.into() }
    }

    fn constant(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let shaped = shape.iter().fold(Message::default(), |tensor, &size| tensor.int(1, size as u64));
        self.constants.push(shaped.int(2, FLOAT).bytes(8, name).bytes(9, raw));
    }

    /// Adds a node whose first input is the last value; `more` are constants.
    fn node(&mut self, operator: &str, more: &[&str], attributes: &[(&str, f32)]) {
        let last = self.last.clone();
        let inputs: Vec<&str> = [last.as_str()].into_iter().chain(more.iter().copied()).collect();
        self.node_of(operator, &inputs, attributes);
    }

    /// Adds a node with these inputs; what it gives is the last value.
    fn node_of(&mut self, operator: &str, inputs: &[&str], attributes: &[(&str, f32)]) {
        let output = if operator == "Softmax" { OUTPUT.to_owned() } else { format!("{operator}_{}", self.nodes.len()) };
        let node = inputs.iter().fold(Message::default(), |node, input| node.bytes(1, input));
        let node = node.bytes(2, &output).bytes(3, &output).bytes(4, operator);
        self.nodes.push(attributes.iter().fold(node, |node, (name, value)| {
            node.message(5, &Message::default().bytes(1, name).float(2, *value).int(20, FLOAT_ATTRIBUTE))
        }));
        self.last = output;
    }

    /// A node whose second input is one number.
    fn with_scalar(&mut self, operator: &str, name: &str, value: f32) {
        self.constant(name, &[], &[value]);
        self.node(operator, &[name], &[]);
    }

    fn scaling(&mut self, model: &Model) {
        if model.scaling.invert {
            self.constant("white", &[], &[255.0]);
            self.node_of("Sub", &["white", INPUT], &[]);
        }
        match (model.scaling.scale, &model.scaling.standard) {
            (Scale::Unit, _) => self.with_scalar("Div", "input.max", 255.0),
            (Scale::Standard, Some((mean, divisor))) => {
                self.constant("input.mean", &[mean.len()], mean);
                self.constant("input.std", &[divisor.len()], divisor);
                self.node("Sub", &["input.mean"], &[]);
                self.node("Div", &["input.std"], &[]);
            }
            (Scale::Raw | Scale::Standard, _) => {}
        }
    }

    fn activation(&mut self, activation: ActivationName) {
        match activation {
            ActivationName::Identity => {}
            ActivationName::Sigmoid => self.node("Sigmoid", &[], &[]),
            ActivationName::Tanh => self.node("Tanh", &[], &[]),
            ActivationName::Relu => self.node("Relu", &[], &[]),
            ActivationName::LeakyRelu => self.node("LeakyRelu", &[], &[("alpha", LEAKY_SLOPE)]),
            ActivationName::Selu => self.node("Selu", &[], &[("alpha", SELU_ALPHA), ("gamma", SELU_SCALE)]),
            ActivationName::Gelu => self.gelu(),
        }
    }

    /// z (1 + erf(z / sqrt 2)) / 2: the operator of that name is newer than the operator set.
    fn gelu(&mut self) {
        let z = self.last.clone();
        let layer = self.nodes.len();
        self.with_scalar("Mul", &format!("gelu.{layer}.inner"), std::f32::consts::FRAC_1_SQRT_2);
        self.node("Erf", &[], &[]);
        self.with_scalar("Add", &format!("gelu.{layer}.one"), 1.0);
        self.with_scalar("Mul", &format!("gelu.{layer}.half"), 0.5);
        let share = self.last.clone();
        self.node_of("Mul", &[&z, &share], &[]);
    }

    /// The `GraphProto`.
    fn finish(self, name: &str, inputs: usize, outputs: usize) -> Message {
        Message::default()
            .messages(1, &self.nodes)
            .bytes(2, name)
            .messages(5, &self.constants)
            .message(11, &value_info(INPUT, inputs))
            .message(12, &value_info(OUTPUT, outputs))
    }
}

/// `ValueInfoProto` of a float matrix with any number of rows.
fn value_info(name: &str, columns: usize) -> Message {
    let rows = Message::default().bytes(2, "N");
    let columns = Message::default().int(1, columns as u64);
    let shape = Message::default().messages(1, [&rows, &columns]);
    let tensor = Message::default().int(1, FLOAT).message(2, &shape);
    Message::default().bytes(1, name).message(2, &Message::default().message(1, &tensor))
}
