"""SGD with momentum, and Adam: from gradients to better parameters.

Parameters and gradients are dictionaries from a name to an array. step changes the parameters in place.
"""

import numpy as np

from .checks.arguments import FLOATS, check_arrays, number
from .errors import mismatch


class SGD:
    """Gradient descent with momentum, as torch.optim.SGD.

    velocity = momentum * velocity + gradient
    parameter = parameter - learning_rate * velocity

    learning_rate: above 0. momentum: at least 0 and below 1.
    """

    def __init__(self, learning_rate, momentum=0.0):
        self.learning_rate = number(learning_rate, "learning_rate", 0, float("inf"), open_below=True)
        self.momentum = number(momentum, "momentum", 0, 1)
        self.velocity = {}

    def step(self, parameters, gradients):
        """Move every parameter one step, in place.

        Raises ShapeMismatchError where a gradient has not its parameter's shape, ValueError where the names
        differ, TypeError for other kinds of array.
        """
        _check("SGD.step", parameters, gradients)
        for name, parameter in parameters.items():
            velocity = self.momentum * self.velocity.get(name, 0) + gradients[name]
            self.velocity[name] = velocity
            parameter -= self.learning_rate * velocity


class Adam:
    """Adam, as torch.optim.Adam (D. Kingma and J. Ba, 2015, https://arxiv.org/abs/1412.6980, algorithm 1).

    mean   = beta1 * mean   + (1 - beta1) * gradient
    square = beta2 * square + (1 - beta2) * gradient**2
    parameter = parameter - learning_rate * (mean / (1 - beta1**t)) / (sqrt(square / (1 - beta2**t)) + eps)

    t counts the steps from 1; the divisions by 1 - beta**t make up for mean and square starting at zero.
    Keras adds eps before the second division instead: there the same eps weighs more in the first steps.

    learning_rate, eps: above 0. betas: two numbers, at least 0 and below 1.
    """

    def __init__(self, learning_rate=0.001, betas=(0.9, 0.999), eps=1e-8):
        self.learning_rate = number(learning_rate, "learning_rate", 0, float("inf"), open_below=True)
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise TypeError(f"betas must be a pair of numbers, but got {betas!r}.")
        self.betas = tuple(number(beta, "each of betas", 0, 1) for beta in betas)
        self.eps = number(eps, "eps", 0, float("inf"), open_below=True)
        self.steps = 0
        self.mean, self.square = {}, {}

    def step(self, parameters, gradients):
        """Move every parameter one step, in place. Raises what SGD.step raises."""
        _check("Adam.step", parameters, gradients)
        self.steps += 1
        beta1, beta2 = self.betas
        for name, parameter in parameters.items():
            gradient = gradients[name]
            self.mean[name] = beta1 * self.mean.get(name, 0) + (1 - beta1) * gradient
            self.square[name] = beta2 * self.square.get(name, 0) + (1 - beta2) * gradient**2
            mean = self.mean[name] / (1 - beta1**self.steps)
            square = self.square[name] / (1 - beta2**self.steps)
            parameter -= self.learning_rate * mean / (np.sqrt(square) + self.eps)


def _check(caller, parameters, gradients):
    """Raise unless both dictionaries have the same names, and each pair one shape and dtype."""
    for name, argument in (("parameters", parameters), ("gradients", gradients)):
        if not isinstance(argument, dict):
            raise TypeError(
                f"{caller}: {name} must be a dictionary from names to arrays, "
                f"but got {type(argument).__name__}; put the arrays into one."
            )
    if parameters.keys() != gradients.keys():
        odd = sorted(parameters.keys() ^ gradients.keys(), key=str)
        raise ValueError(f"{caller}: parameters and gradients must have the same names, but differ in {odd}.")
    for name, parameter in parameters.items():
        gradient = gradients[name]
        check_arrays(caller, FLOATS, **{f"parameter {name!r}": parameter, f"gradient {name!r}": gradient})
        if parameter.shape != gradient.shape:
            raise mismatch(
                f"{caller}: the gradient of {name!r} has not its parameter's shape.",
                f"parameter's shape = {parameter.shape}",
                f"gradient's shape = {gradient.shape}",
                fix="pass the derivative of the loss with respect to this parameter.",
            )
