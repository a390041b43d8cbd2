"""One convolution on two devices: chapter 12's three programs, what starts them, and what came out.

`numpy_program`, `torch_program` and `tensorflow_program` split the same convolutions in the same three ways.
`run()` starts one of them in processes of its own, and `table()` writes what each device had and sent.
"""

from bookkit.devices.launch import run, table

__all__ = ["run", "table"]
