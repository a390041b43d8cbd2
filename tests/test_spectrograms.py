"""The pictures of chapter 11: a spectrogram lies where its seconds and hertz are."""

import io

import numpy as np
import pytest

from bookkit import spectrograms
from bookkit.drawings import style


def svg(figure):
    """Return the SVG of a figure, as a string."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata=style.SVG_METADATA)
    return file.getvalue()


def shown(axes):
    """Return the one image of `axes` and its (left, right, bottom, top)."""
    (image,) = axes.images
    return image, image.get_extent()


def test_a_whole_spectrogram_begins_with_the_first_frame_and_0_hz():
    image = np.arange(41 * 73).reshape(41, 73)
    figure = spectrograms.pictures({"all": (image, 0, 3000)})
    drawn, extent = shown(figure.axes[0])
    assert extent == [0.5 - 1 / 16, 9.5 + 1 / 16, -0.5, 40.5]
    assert drawn.origin == "lower"
    assert np.array_equal(drawn.get_array(), image)
    assert drawn.get_clim() == (0, 3000)


@pytest.mark.parametrize(
    ("kernel", "first"), [((5, 7), (2, 0.875)), ((3, 11), (1, 1.125)), ((1, 1), (0, 0.5))]
)
def test_an_output_lies_where_the_middle_of_its_kernel_was(kernel, first):
    output = np.zeros((41 - kernel[0] + 1, 73 - kernel[1] + 1))
    _, (left, _, bottom, _) = shown(spectrograms.pictures({"y": (output, -1, 1)}).axes[0])
    assert (bottom + 0.5, left + 1 / 16) == first


def test_panels_without_an_image_are_empty():
    figure = spectrograms.pictures({name: (np.zeros((41, 73)), 0, 1) for name in "abc"})
    assert [axes.get_title() for axes in figure.axes] == ["a", "b", "c", ""]
    assert [bool(axes.axison) for axes in figure.axes] == [True, True, True, False]
    assert figure.get_size_inches()[0] <= style.MAX_WIDTH


def test_a_recording_has_one_time_axis():
    samples = np.sin(np.arange(800) / 7)
    figure = spectrograms.recording(samples, np.zeros((41, 73)), -10, 32)
    above, below = figure.axes
    (curve,) = above.lines
    assert [curve.get_xdata()[place] for place in (0, -1)] == [0, 799 / 80]
    assert np.abs(np.asarray(curve.get_ydata()) - samples).max() <= 1 / 128
    assert above.get_xlim() == below.get_xlim() == (0, 10)


def test_the_same_bytes_twice():
    image = np.arange(37 * 67).reshape(37, 67) / 32
    one, other = (svg(spectrograms.pictures({"y": (image, -8, 8)})) for _ in range(2))
    assert one == other
    assert "dc:date" not in one
