"""What can be said about an error while the program that raised it is still there: which layer of the
reader's model failed, the shapes on the way to it, where the number came from, and whether a repair works.

`look(error)` returns a Finding, or None. It looks at the frames of the traceback (frames.py), and replays the
forward pass in a forked process (apart.py), where nothing it does reaches the reader's program: on fake
tensors for PyTorch (torch_model.py, torch_recorder.py, torch_trials.py), on symbolic ones for Keras
(keras_model.py, keras_recorder.py, keras_trials.py). origin.py follows a number back through what was
recorded, source.py finds the line that made a layer. Each hands records (records.py) to the next, and tell.py
writes them out.

The frameworks are taken from sys.modules: where the program has not imported one, it is not asked.
"""

from .look import is_wanted, look, trials_wanted

__all__ = ["is_wanted", "look", "trials_wanted"]
