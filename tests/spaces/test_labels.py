"""Labels are ordered; a text made of parts is as strict as its strictest part; channels carry what they may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.spaces.labels import LABELS, Channel, carried_labels, carries, strictest

some_labels = st.lists(st.sampled_from(LABELS), min_size=1, max_size=6)


@given(some_labels)
def test_the_strictest_label_is_one_of_those_given_and_carried_nowhere_the_others_are_not(
    labels: list[str],
) -> None:
    found = strictest(*labels)

    assert found in labels
    for channel in Channel:
        assert carries(channel, found) is all(carries(channel, label) for label in labels)


@given(some_labels, some_labels)
def test_it_does_not_matter_in_which_order_parts_are_put_together(one: list[str], other: list[str]) -> None:
    assert strictest(*one, *other) == strictest(strictest(*other), strictest(*one))


@given(st.sampled_from(Channel), st.sampled_from(LABELS), st.sampled_from(LABELS))
def test_whatever_carries_a_label_carries_every_freer_one(channel: Channel, label: str, other: str) -> None:
    if carries(channel, label) and strictest(label, other) == label:
        assert carries(channel, other)


@pytest.mark.parametrize(
    ("channel", "labels"),
    [
        (Channel.PAGE, LABELS), (Channel.SEARCH, LABELS), (Channel.INBOX, LABELS), (Channel.JSON, LABELS),
        (Channel.MAIL, ("members", "take-home", "public")), (Channel.QUOTE, ("members", "take-home", "public")),
        (Channel.EXPORT, ("take-home", "public")), (Channel.FEED, ("public",)),
    ],
    ids=lambda value: value.value if isinstance(value, Channel) else "",
)  # fmt: skip
def test_each_channel_carries(channel: Channel, labels: tuple[str, ...]) -> None:
    assert carried_labels(channel) == labels


@pytest.mark.parametrize("wrong", ["", "secret"])
def test_what_is_no_label_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="tuple"):
        strictest("public", wrong)
    with pytest.raises(ValueError, match="tuple"):
        carries(Channel.PAGE, wrong)
