"""The cover of the book and the small pictures of its parts and chapters.

PICTURES says which drawing belongs to which page; a drawing's docstring is the picture's alternative text.
`tools/pictures.py` stores them in book/pictures, for the pages are built without matplotlib.
"""

from . import cover, failure, practice, reference, scratch, weights

PICTURES = {
    "cover": cover.cover,
    "missing": cover.missing,
    "part-the-failure": failure.the_failure,
    "01-expected-32-got-64": failure.expected_32_got_64,
    "02-what-a-channel-is": failure.what_a_channel_is,
    "03-convolution-by-hand": failure.convolution_by_hand,
    "04-the-repair": failure.the_repair,
    "05-flattened-linear-layers": failure.flattened_linear_layers,
    "06-where-64-came-from": failure.where_64_came_from,
    "07-from-gray-to-colour": failure.from_gray_to_colour,
    "part-weights-and-groups": weights.weights_and_groups,
    "08-the-weight-decides": weights.the_weight_decides,
    "09-weights-by-hand": weights.weights_by_hand,
    "10-groups": weights.groups,
    "11-filters-for-spectrograms": weights.filters_for_spectrograms,
    "12-groups-across-devices": weights.groups_across_devices,
    "part-from-scratch": scratch.from_scratch,
    "13-training-from-scratch": scratch.training_from_scratch,
    "14-as-fast-as-the-framework": scratch.as_fast_as_the_framework,
    "part-in-practice": practice.in_practice,
    "15-porting-weights": practice.porting_weights,
    "16-other-channel-counts": practice.other_channel_counts,
    "17-finding-shape-errors": practice.finding_shape_errors,
    "part-reference": reference.reference,
    "decoder": reference.decoder,
    "calculator": reference.calculator,
    "wiring": reference.wiring,
    "explain-it-where-it-fails": reference.explain_it_where_it_fails,
    "errors-index": reference.messages,
    "the-documents-claim-by-claim": reference.ledger,
    "cheat-sheet": reference.cheat_sheet,
    "glossary": reference.glossary,
    "bibliography": reference.bibliography,
    "book-index": reference.book_index,
    "to-hand-out": reference.to_hand_out,
    "versions": reference.versions,
}
