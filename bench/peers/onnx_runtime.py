"""onnxruntime: a graph of dense layers, run by a session from Python."""
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from peers import predictions


def graph_of(network):
    nodes, tensors, value = [], [], "x"
    layers = network.load()
    for i, (weight, bias) in enumerate(layers):
        tensors += [numpy_helper.from_array(weight, f"w{i}"), numpy_helper.from_array(bias, f"b{i}")]
        nodes.append(helper.make_node("Gemm", [value, f"w{i}", f"b{i}"], [f"z{i}"]))
        last = i == len(layers) - 1
        value = "p" if last else f"h{i}"
        nodes.append(helper.make_node("Softmax" if last else "Relu", [f"z{i}"], [value]))
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", network.widths[0]])]
    outputs = [helper.make_tensor_value_info("p", TensorProto.FLOAT, ["rows", network.widths[-1]])]
    graph = helper.make_graph(nodes, "network", inputs, outputs, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


class OnnxRuntime:
    def __init__(self, threads):
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1

    def versions(self):
        return {"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__}

    def predict(self, case):
        model = graph_of(case.network).SerializeToString()
        session = onnxruntime.InferenceSession(model, self.options, providers=["CPUExecutionProvider"])

        def call(x):
            return session.run(None, {"x": x})[0]

        rows = case.network.rows.load()[0]
        return predictions(case, rows, call)
