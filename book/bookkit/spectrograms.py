"""Pictures of spectrograms, and of the recording that chapter 11 makes them from.

A spectrogram here is an array (frequency, time) of exact numbers: whole decibels, or what a filter of whole
numbers over a power of two makes of them. Row 0 is the lowest frequency and is drawn at the bottom.
"""

from matplotlib.figure import Figure

from bookkit.drawings.style import MAX_WIDTH, NOTE, ROLES

RATE = 80  # samples a second
HOP = 1 / 8  # seconds from one column to the next
FIRST = 0.5  # seconds, the middle of the first frame
HEIGHT, WIDTH = 41, 73  # of a whole spectrogram: 0 to 40 Hz, in 73 frames


def pictures(images, columns=2):
    """Return a figure of spectrograms by title, each given as (array, low, high): `low` black, `high` white.

    An array is a whole spectrogram of 41 by 73, or what a filter without padding left of one: it lies in the
    middle. Numbers outside `low` and `high` are drawn like these.
    """
    rows = -(-len(images) // columns)
    figure = Figure(figsize=(MAX_WIDTH, 0.35 + 1.55 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for place, (title, (image, low, high)) in enumerate(images.items()):
        axes = grid.flat[place]
        _picture(axes, image, low, high)
        axes.set_title(title)
        axes.set_xticks([1, 3, 5, 7, 9])
    for unused in grid.flat[len(images) :]:
        unused.set_axis_off()
    figure.supxlabel("time (s)", fontsize=NOTE)
    figure.supylabel("frequency (Hz)", fontsize=NOTE)
    return figure


def recording(samples, image, low, high):
    """Return a figure of one electrode's samples above their spectrogram, with one time axis for both."""
    figure = Figure(figsize=(MAX_WIDTH, 4.0), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[1, 2])
    # 1/64 is finer than a pixel, and exact
    whole = [round(64 * float(sample)) / 64 for sample in samples]
    seconds = [index / RATE for index in range(len(whole))]
    above.plot(seconds, whole, color=ROLES["input"], linestyle="solid", linewidth=0.9)
    above.set_ylabel("voltage")
    above.set_yticks([])
    _picture(below, image, low, high)
    below.set_xlabel("time (s)")
    below.set_ylabel("frequency (Hz)")
    below.set_xticks(range(11))
    return figure


def _picture(axes, image, low, high):
    """Draw one spectrogram in seconds and hertz."""
    height, width = image.shape
    bottom, left = (HEIGHT - height) / 2 - 0.5, FIRST + ((WIDTH - width) / 2 - 0.5) * HOP
    axes.imshow(
        image,
        cmap="gray",
        vmin=low,
        vmax=high,
        interpolation="none",
        origin="lower",
        extent=(left, left + width * HOP, bottom, bottom + height),
        aspect="auto",
    )
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.5, 40.5)
    axes.set_yticks([0, 10, 20, 30, 40])
