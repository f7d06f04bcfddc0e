"""scikit-learn's MLPClassifier with plain gradient descent: no momentum, no penalty, no shuffling, no early
stopping."""
import warnings

import sklearn
from sklearn.neural_network import MLPClassifier

from peers import Clock, predictions


class ScikitLearn:
    def __init__(self, threads):
        # Each fit warns that it has not converged.
        warnings.simplefilter("ignore")

    def versions(self):
        return {"scikit-learn": sklearn.__version__}

    def model(self, network, learning_rate, rows, classes):
        """A model with the initial weights. It is fitted once first, which makes its arrays."""
        model = MLPClassifier(
            network.hidden, solver="sgd", alpha=0.0, batch_size=10, learning_rate_init=learning_rate, momentum=0.0,
            nesterovs_momentum=False, shuffle=False, tol=0.0, n_iter_no_change=10**9, max_iter=1, warm_start=True,
        )
        model.fit(rows[:1000], classes[:1000])
        for i, (weight, bias) in enumerate(network.load()):
            model.coefs_[i][...] = weight
            model.intercepts_[i][...] = bias
        return model

    def train(self, case):
        rows, classes = case.network.rows.load()
        model = self.model(case.network, case.learning_rate, rows, classes)
        model.max_iter = case.epochs
        clock = Clock()
        model.fit(rows, classes)
        times = clock.stop()
        return {"losses": [float(loss) for loss in model.loss_curve_[-case.epochs :]], **times}

    def predict(self, case):
        rows, classes = case.network.rows.load()
        model = self.model(case.network, 0.1, rows, classes)
        return predictions(case, rows, model.predict_proba)
