"""Texts as readers paste them, for the tests of both engines: decorated and broken messages, tracebacks, and
texts whose last error the book does not know.
"""

from __future__ import annotations

import json

CONV = (
    "RuntimeError: Given groups=1, weight of size [64, 32, 3, 3], expected input[1, 64, 256, 256] "
    "to have 32 channels, but got 64 channels instead"
)
LINEAR = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x400 and 256x120)"
LOAD = (
    "RuntimeError: Error(s) in loading state_dict for Net:\n\tsize mismatch for fc.weight: copying a param "
    "with shape torch.Size([10, 512]) from checkpoint, the shape in current model is torch.Size([2, 512])."
)
DENSE = (
    'ValueError: Input 0 of layer "dense" is incompatible with the layer: expected axis -1 of input shape to '
    "have value 784, but received input with shape (None, 28)"
)
WARNING = (
    "train.py:30: UserWarning: Using a target size (torch.Size([64])) that is different to the input "
    "size (torch.Size([64, 1])). This will likely lead to incorrect results due to broadcasting. "
    "Please ensure they have the same size.\n  return F.mse_loss(input, target)\n"
)
TRACE = (
    'Traceback (most recent call last):\n  File "/home/u/net.py", line 22, in forward\n    x = self.fc1(x)\n'
    '  File "/usr/local/lib/python3.10/dist-packages/torch/nn/modules/linear.py", line 114, in forward\n'
    "    return F.linear(input, self.weight, self.bias)\n"
)

# A long log, in which the words of some messages stand often.
LOG = "".join(
    f"2024-01-02 10:11:{step % 60:02d},123 INFO step {step} loss 0.{step} input shape [64, 3, 224, 224] "
    f"expected time of the epoch {step * 7}\n"
    for step in range(9000)
)


def full_width(text, characters=None):
    """Return a text in the characters that Chinese input methods write, all of them or some."""
    chosen = characters or map(chr, range(33, 127))
    return text.translate({ord(mark): chr(ord(mark) + 0xFEE0) for mark in chosen})


def wrapped(text, columns):
    """Return a text as a console of so many columns breaks it, in the middle of words and numbers."""
    lines = text.split("\n")
    return "\n".join(
        "\n".join(line[at : at + columns] for at in range(0, max(len(line), 1), columns)) for line in lines
    )


def each_line(before, text):
    """Return a text with the same decoration before each line."""
    return "\n".join(before + line for line in text.split("\n"))


# Texts by the message that is in them: each has to give the same page and the same numbers as the message
# alone.
PASTED = {
    CONV: [
        json.dumps({"log": f"{TRACE}{CONV}\n", "stream": "stderr"}),
        CONV.replace(" ", "\u3000"),
        full_width(CONV, "0123456789()[],:="),
        CONV.replace(", ", "，"),
        CONV.replace("expected input", "expectedinput"),
        CONV.replace("Given groups", "Givengroups"),
        CONV.replace("of size", "ofsize").replace("to have", "tohave"),
        CONV.replace("channels instead", "channelsinstead"),
        CONV.replace("input[", "input [").replace("[64", "[ 64"),
        CONV.replace("=", " = "),
        CONV.replace("[1, 64, 256, 256]", "[1,64,256,256]").replace("[64, 32, 3, 3]", "[64,32,3,3]"),
        *(wrapped(CONV, columns) for columns in (60, 79, 80, 100, 120)),
        wrapped(TRACE + CONV, 80),
        f"E   {CONV}",
        f"[2024-05-01 12:00:01] ERROR {CONV}",
        f"{CONV} (and this is on Windows)",
        f"ошибка {CONV} помогите",
        f"> > {CONV}",
        f"    {CONV}",
    ],
    LINEAR: [
        json.dumps(TRACE + LINEAR),
        json.dumps(json.dumps(TRACE + LINEAR)),
        json.dumps("\x1b[0;31mRuntimeError\x1b[0m" + LINEAR.removeprefix("RuntimeError")),
        LINEAR.replace(" ", "\xa0"),
        full_width(LINEAR),
        full_width(LINEAR, "()"),
        LINEAR.replace("cannot be", "cannotbe"),
        LINEAR.replace("mat1 and", "mat1and"),
        "\u200b".join(LINEAR),
        LINEAR.replace("multiplied", "multi\xadplied"),
        *(wrapped(LINEAR, columns) for columns in (37, 40, 60)),
        f"Epoch 1:  33%|███▎      | 10/30 [00:03<00:06,  3.1it/s]\r{TRACE}{LINEAR}",
        "\r".join(f"{done}%|██  | {done}/100 [00:01<00:02]" for done in range(100)) + f"\n{LINEAR}",
        each_line("[rank3]: ", TRACE + LINEAR),
        each_line("[default0]:", TRACE + LINEAR),
        "<pre><code>" + TRACE.replace("<", "&lt;").replace("\n", "<br>") + LINEAR + "</code></pre>",
        f'<span class="ansi-red-fg">RuntimeError</span>{LINEAR.removeprefix("RuntimeError")}',
        f"```python\n{TRACE}{LINEAR}\n```",
        f"`{LINEAR}`",
        f"**{LINEAR}**",
        each_line("> ", TRACE + LINEAR),
        each_line("    ", TRACE + LINEAR),
        f"2024-05-01 12:00:01,223 - ERROR - {LINEAR}",
        f"ERROR:root:{LINEAR}",
        f'raise RuntimeError("...")\n...\n{LINEAR}',
        LINEAR.replace(":", " :"),
        f"RuntimeError('{LINEAR.removeprefix('RuntimeError: ')}')",
        f"('{LINEAR.removeprefix('RuntimeError: ')}',)",
        LINEAR.upper(),
        LINEAR.lower(),
        f"“{LINEAR}”",
        f"Fehler: {LINEAR} Was soll ich tun?",
        f"求助：{LINEAR}，怎么办？",
        LINEAR.replace("(", "\\(").replace(")", "\\)"),
        LINEAR.replace("x", " × "),
        LINEAR.replace("64x400", "64X400"),
        f"RuntimeError: Caught RuntimeError in replica 0 on device 0.\nOriginal {TRACE}{LINEAR}",
    ],
    LOAD: [
        json.dumps(LOAD),
        wrapped(LOAD, 80),
        each_line("[1,0]<stderr>:", TRACE + LOAD),
        each_line("\x1b[36m(RayTrainWorker pid=123, ip=10.0.0.1)\x1b[0m ", TRACE + LOAD),
        each_line("(pid=123) ", TRACE + LOAD),
        each_line("E       ", LOAD),
        "<p>" + LOAD.replace("\n", "<br/>").replace("\t", "&nbsp;&nbsp;") + "</p>",
    ],
    DENSE: [
        DENSE.replace('"', "&#x27;"),
        DENSE.replace('"', "&#34;"),
        wrapped(DENSE, 80),
        DENSE.replace('"', "“"),
    ],
}

# Sizes that torch.compile leaves open, and what is read.
SYMBOLIC = {
    "[s77, s0*s53] X [784, 128]": {"mat1": (None, None), "mat2": (784, 128)},
    "[s0, 400] X [256, s1 + 1]": {"mat1": (None, 400), "mat2": (256, None)},
    "[2*s0, (s1//2)] X [256, Max(1, s3)]": {"mat1": (None, None), "mat2": (256, None)},
    "[(s0//2), 5] X [u0, ((s1 - 1)//2) + 1]": {"mat1": (None, 5), "mat2": (None, None)},
}

# ---- the reader's own line: (file, line, function, code, what to print there) ----

_ARROWS = """---------------------------------------------------------------------------
RuntimeError                              Traceback (most recent call last)
"""
TRACEBACKS = {
    TRACE + LINEAR: ("net.py", 22, "forward", "x = self.fc1(x)", "print(x.shape, self.fc1)"),
    each_line("[rank0]: ", TRACE + LINEAR): (
        "net.py", 22, "forward", "x = self.fc1(x)", "print(x.shape, self.fc1)",
    ),
    each_line(
        "> ",
        'Traceback (most recent call last):\n  File "net.py", line 7, in forward\n'
        "    x = f(self.fc2(x), self.fc1(y))\n"
        f"                      ^^^^^^^^^^^\n{LINEAR}",
    ): ("net.py", 7, "forward", "x = f(self.fc2(x), self.fc1(y))", "print(y.shape, self.fc1)"),
    LINEAR: None,
    f'File "/usr/lib/python3/dist-packages/torch/functional.py", line 3, in f\n    y = f(x)\n{LINEAR}': None,
    "Traceback (most recent call last):\n"
    '  File "train.py", line 10, in <module>\n    main()\n'
    '  File "C:\\Users\\me\\proj\\net.py", line 33, in forward\n    return self.head(x)\n'
    '  File "C:\\Python39\\lib\\site-packages\\torch\\nn\\modules\\linear.py", line 1, in forward\n'
    f"    return F.linear(input, self.weight, self.bias)\n{LINEAR}": (
        "net.py", 33, "forward", "return self.head(x)", "print(x.shape, self.head)",
    ),
    "Traceback (most recent call last):\n"
    '  File "net.py", line 7, in forward\n'
    "    return self.drop(self.fc2(F.relu(self.fc1(x))))\n"
    f"                                     ~~~~~~~~^^^\n{LINEAR}": (
        "net.py", 7, "forward", "return self.drop(self.fc2(F.relu(self.fc1(x))))", "print(x.shape, self.fc1)",
    ),
    f"""{_ARROWS}Cell In[7], line 3
      1 images, labels = next(iter(loader))
----> 3 out = model(images)

File ~/envs/x/lib/python3.10/site-packages/torch/nn/modules/module.py:1501, in
Module._call_impl(self)
   1499 if not (self._backward_hooks):
-> 1501     return forward_call(*args, **kwargs)

Cell In[5], line 12, in Net.forward(self, x)
     11 x = x.view(-1, 400)
---> 12 x = self.fc1(x)

File ~/envs/x/lib/python3.10/site-packages/torch/nn/modules/linear.py:114, in Linear.forward(self,
input) --> 114     return F.linear(input, self.weight, self.bias)

{LINEAR}""": ("cell In [5]", 12, "forward", "x = self.fc1(x)", "print(x.shape, self.fc1)"),
    f"""{_ARROWS}<ipython-input-12-4f1> in <module>()
----> 2     loss = criterion(net(x), y)

2 frames
<ipython-input-9-aa> in forward(self, x)
      8     x = F.relu(self.conv1(x))
----> 9     return self.fc(x.view(-1, 400))

/usr/local/lib/python3.7/dist-packages/torch/nn/functional.py in linear(input, weight, bias)
-> 1691     else:

{LINEAR}""": (
        "the notebook's cell", 9, "forward", "return self.fc(x.view(-1, 400))", "print(x.shape, self.fc)",
    ),
    f"""{_ARROWS}/tmp/ipykernel_27/765.py in training_step(self, batch, batch_idx)
     22         x, y = batch
---> 23         logits = self.mlp(x)

{LINEAR}""": ("the notebook's cell", 23, "training_step", "logits = self.mlp(x)", "print(x.shape, self.mlp)"),
    f"""[/tmp/ipython-input-7-123.py](https://localhost:8080/#) in forward(self, x)
----> 4         x = torch.matmul(x, self.w)
[/usr/local/lib/python3.11/dist-packages/torch/nn/modules/linear.py](https://localhost:8080/#) in forward()
--> 125         return F.linear(input, self.weight, self.bias)

{LINEAR}""": (
        "the notebook's cell", 4, "forward", "x = torch.matmul(x, self.w)", "print(x.shape, self.w.shape)",
    ),
    f"""    def test_net():
>       out = Net()(torch.ones(1, 3))

tests/test_net.py:12:
_ _ _ _ _ _ _ _ _ _ _
net.py:8: in forward
    x = self.fc(x)
.venv/lib/python3.11/site-packages/torch/nn/modules/module.py:1501: in _call_impl
    return forward_call(*args, **kwargs)
E   {LINEAR}

.venv/lib/python3.11/site-packages/torch/nn/modules/linear.py:114: RuntimeError""": (
        "net.py", 8, "forward", "x = self.fc(x)", "print(x.shape, self.fc)",
    ),
    f"Error occurred when executing Sampler:\n\n{CONV}\n\n"
    'File "D:\\Tool\\sample.py", line 9, in sample\nout = self.net(x)\n'
    'File "D:\\Tool\\python\\Lib\\site-packages\\torch\\nn\\modules\\conv.py", line 458, in forward\n'
    "return self._conv_forward(input, self.weight, self.bias)\n": (
        "sample.py", 9, "sample", "out = self.net(x)", "print(x.shape, self.net)",
    ),
    f"!!! Exception during processing !!! {CONV}\n{TRACE}{CONV}\n\nPrompt executed in 0.05 seconds": (
        "net.py", 22, "forward", "x = self.fc1(x)", "print(x.shape, self.fc1)",
    ),
    f"""{DENSE}
---------------------------------------------------------------------------
ValueError                                Traceback (most recent call last)
<ipython-input-42-7d> in <module>()
----> 1 history = model.fit(train_x, train_y, epochs=2)

10 frames
/usr/local/lib/python3.7/dist-packages/tensorflow/python/framework/func_graph.py in wrapper(*args, **kwargs)
--> 977               raise e.ag_error_metadata.to_exception(e)

ValueError: in user code:

    /usr/local/lib/python3.7/dist-packages/tensorflow/python/keras/engine/training.py:805 train_function  *
        return step_function(self, iterator)
    /content/net.py:12 call  *
        x = self.head(x)
    {DENSE}""": ("net.py", 12, "call", "x = self.head(x)", "print(x.shape, self.head)"),
    f"""│ /home/me/net.py:8 in forward                          │
│                                                              │
│    6 │   def forward(self, x):                               │
│ ❱  8 │   │   x = self.fc(x)                                  │
│                                                              │
│ /home/me/miniconda3/envs/xqqpy38/lib/python3.8/site-packages/torch/ │
│ nn/modules/linear.py:139 in forward                          │
│ ❱ 139 │   │   │   input = module(input)                      │
╰──────────────────────────────────────────────────────────────╯
{LINEAR}""": ("net.py", 8, "forward", "x = self.fc(x)", "print(x.shape, self.fc)"),
    WARNING.replace("return F.mse_loss(input, target)", "loss = F.mse_loss(pred, y)"): (
        "train.py", 30, None, "loss = F.mse_loss(pred, y)", "print(pred.shape, y.shape)",
    ),
    f"Input In [3], in <cell line: 5>()\n----> 5 y = layer(inputs)\n\n{LINEAR}": (
        "cell In [3]", 5, None, "y = layer(inputs)", "print(inputs.shape)",
    ),
    TRACE.replace("net.py", "old.py") + CONV + f"\n\n{TRACE}{LINEAR}": (
        "net.py", 22, "forward", "x = self.fc1(x)", "print(x.shape, self.fc1)",
    ),
}  # fmt: skip

# What to print where a line like this fails.
SHOWN = {
    "x = self.fc(x)": "print(x.shape, self.fc)",
    "loss = criterion(out, y)": "print(out.shape, y.shape)",
    "x = F.relu(self.conv1(x))": "print(x.shape, self.conv1)",
    "return self.pool(F.relu(self.bn1(self.conv1(x))))": "print(x.shape, self.conv1)",
    "return F.relu(self.fc(torch.flatten(x, 1)))": "print(x.shape, self.fc)",
    "x = self.attn(self.norm1(x))[0]": "print(x.shape, self.norm1)",
    "x = x.view(x.size(0), -1)": "print(x.shape)",
    "x = torch.cat([x, skip], dim=1)": "print(x.shape, skip.shape)",
    "out = x + self.pos_embed": "print(x.shape, self.pos_embed.shape)",
    "x += residual": "print(x.shape, residual.shape)",
    "y = x @ w": "print(x.shape, w.shape)",
    "outputs = model(**inputs)": "print({name: value.shape for name, value in inputs.items()})",
    "loss = F.cross_entropy(logits.view(-1, 10), labels.view(-1))": "print(logits.shape, labels.shape)",
    "model.fit(x=X, y=y, epochs=3)": "print(X.shape, y.shape)",
    "x = self.layers[i](x)": "print(x.shape, self.layers[i])",
    "attn = torch.bmm(q, k.transpose(1, 2))": "print(q.shape, k.transpose(1, 2).shape)",
    "scores = np.dot(inputs, self.weights[0])": "print(inputs.shape, self.weights[0].shape)",
    "output = net(images.to(device))": "print(images.shape)",
    "self.weight.data.copy_(w)": "print(self.weight.data.shape, w.shape)",
    "loss = self.criterion(outputs, labels.float())": "print(outputs.shape, labels.shape)",
    "return x.reshape(b, -1)  # flat": "print(x.shape)",
    "a = b": None,
    "main()": None,
    "trainer.train()": None,
    "for x, y in loader:": None,
    "x = Dense(10)(x)": "print(x.shape)",
    "model.load_state_dict(torch.load(path))": None,
    "if x == self.fc(y):": None,
    "": None,
}

# ---- the last error is another ----

_GRAD = "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"
_TRACE = 'Traceback (most recent call last):\n  File "train.py", line 41, in <module>\n    loss.backward()\n'
_HANDLED = "\nDuring handling of the above exception, another exception occurred:\n\n"
# A text, and its last error where the book does not know it.
LAST_ERRORS = {
    f"{WARNING}{_TRACE}{_GRAD}": _GRAD,
    f"{WARNING}{_GRAD}": _GRAD,
    f"{TRACE}{LINEAR}\n\nThen I changed it and got\n{_TRACE}KeyError: 'x'": "KeyError: 'x'",
    f"{WARNING}{_TRACE}torch.cuda.OutOfMemoryError: no": "torch.cuda.OutOfMemoryError: no",
    f"{WARNING}{_TRACE}KeyError: 1\n{_HANDLED}{_TRACE}ValueError: 2": "ValueError: 2",
    f"{TRACE}{LINEAR}": None,
    f"{_TRACE}KeyError: 'x'\n\n{TRACE}{LINEAR}": None,
    f"{TRACE}{LINEAR}\n{_HANDLED}{_TRACE}ValueError: nope": None,
    f"{TRACE}{LINEAR}\ntorch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n": None,
    f"{TRACE}{LINEAR}\nsubprocess.CalledProcessError: Command 'x' returned non-zero exit status 1.": None,
    f"{TRACE}{LINEAR}\nRuntimeError: DataLoader worker (pid 3) exited unexpectedly with exit code 1.": None,
    f"{TRACE}{LINEAR}\nException ignored in: <function x>\n{_TRACE}AttributeError: no": None,
    f"{TRACE}{LINEAR}\nSo what does this RuntimeError: mean?": None,
}
