"""Ranges and conditions of RFC 9110, against a naive reading that works on the bytes themselves."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge_api.web.ranges import (
    NotModified,
    NotSatisfiable,
    Part,
    PreconditionFailed,
    Validators,
    Whole,
    answer,
)

MODIFIED = 1_700_000_000  # Tue, 14 Nov 2023 22:13:20 GMT
DATE, LATER, EARLIER = "Tue, 14 Nov 2023 22:13:20 GMT", "Tue, 14 Nov 2023 22:13:21 GMT", "Tue, 14 Nov 2023 22:13:19 GMT"
FILE = Validators('"abc"', MODIFIED)


def get(size: int = 1000, method: str = "GET", **fields: str) -> object:
    return answer(method, {name.replace("_", "-"): value for name, value in fields.items()}, size, FILE)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=0-", Part(0, 1000)),
        ("bytes=600-", Part(600, 1000)),
        ("bytes=600-599", Whole()),  # last before first is no range (14.1.1), so the field is ignored
        ("bytes=999-", Part(999, 1000)),
        ("bytes=1000-", NotSatisfiable()),
        ("bytes=5000-6000", NotSatisfiable()),
        ("bytes=900-99999999999999999999999999", Part(900, 1000)),
        ("bytes=99999999999999999999999999-", NotSatisfiable()),
        ("bytes=" + "9" * 9000 + "-", NotSatisfiable()),  # more digits than int() reads
        ("bytes=" + "0" * 9000 + "7-7", Part(7, 8)),
        ("bytes=-500", Part(500, 1000)),
        ("bytes=-5000", Part(0, 1000)),
        ("bytes=-0", NotSatisfiable()),
        ("bytes=-", Whole()),
        ("bytes=", Whole()),
        ("bytes", Whole()),
        ("", Whole()),
        ("Bytes=0-1", Part(0, 2)),
        ("bytes= 0-1 ", Part(0, 2)),
        ("bytes=,,0-1,", Part(0, 2)),  # empty list elements are read over (5.6.1.2)
        ("bytes=0 - 1", Whole()),
        ("bytes=0-1x", Whole()),
        ("bytes=+0-1", Whole()),
        ("bytes=٠-١", Whole()),
        ("bytes=0-1-2", Whole()),
        ("items=0-1", Whole()),
        ("bytes=0-1,5-6", Whole()),  # several ranges: everything, which 14.2 allows
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(5000)), Whole()),
    ],
)
def test_a_range_field_means_what_the_rfc_says(field: str, expected: object) -> None:
    assert get(range=field) == expected


def test_an_empty_file_has_no_part() -> None:
    assert get(size=0, range="bytes=0-") == NotSatisfiable()
    assert get(size=0, range="bytes=-5") == Whole()


def test_a_head_request_ignores_ranges_and_heeds_conditions() -> None:
    assert get(method="HEAD", range="bytes=0-1") == Whole()
    assert get(method="HEAD", if_none_match='"abc"') == NotModified()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"if_range": '"abc"'}, Part(0, 2)),
        ({"if_range": '"other"'}, Whole()),
        ({"if_range": 'W/"abc"'}, Whole()),
        ({"if_range": DATE}, Part(0, 2)),
        ({"if_range": LATER}, Whole()),
        ({"if_range": EARLIER}, Whole()),
        ({"if_range": "abc"}, Whole()),
        ({"if_none_match": '"abc"'}, NotModified()),
        ({"if_none_match": 'W/"abc"'}, NotModified()),
        ({"if_none_match": '"x" , W/"abc"'}, NotModified()),
        ({"if_none_match": "*"}, NotModified()),
        ({"if_none_match": '"x"'}, Part(0, 2)),
        ({"if_none_match": '"x"', "if_modified_since": LATER}, Part(0, 2)),  # the tag decides, the date is not read
        ({"if_modified_since": DATE}, NotModified()),
        ({"if_modified_since": EARLIER}, Part(0, 2)),
        ({"if_modified_since": "yesterday"}, Part(0, 2)),
        ({"if_modified_since": "Tue, 99 Nov 99999 22:13:20 GMT"}, Part(0, 2)),
        ({"if_match": '"abc"'}, Part(0, 2)),
        ({"if_match": 'W/"abc"'}, PreconditionFailed()),
        ({"if_match": "*"}, Part(0, 2)),
        ({"if_match": '"x"'}, PreconditionFailed()),
        ({"if_unmodified_since": EARLIER}, PreconditionFailed()),
        ({"if_unmodified_since": DATE}, Part(0, 2)),
    ],
)
def test_conditions_are_weighed_in_the_order_of_the_rfc(fields: dict[str, str], expected: object) -> None:
    assert get(range="bytes=0-1", **fields) == expected


def naive(field: str, content: bytes) -> bytes | None:
    """The bytes of one well-formed range, found by walking over every position; None when no byte was asked for."""
    first, _, last = field.removeprefix("bytes=").partition("-")
    if not first:
        tail = b"".join(content[at : at + 1] for at in range(len(content)) if len(content) - at <= int(last))
        return tail or None
    chosen = b"".join(content[at : at + 1] for at in range(len(content)) if int(first) <= at <= int(last or 10**30))
    return chosen or None


@given(
    content=st.binary(min_size=1, max_size=60),
    first=st.integers(0, 80),
    length=st.one_of(st.none(), st.integers(0, 80)),
    suffix=st.booleans(),
)
@example(content=b"x", first=0, length=None, suffix=True)
def test_every_single_range_gives_the_bytes_that_a_naive_reader_takes(
    content: bytes, first: int, length: int | None, suffix: bool
) -> None:
    field = f"bytes=-{first}" if suffix else f"bytes={first}-{'' if length is None else first + length}"
    given_answer = answer("GET", {"range": field}, len(content), FILE)
    expected = naive(field, content)
    if expected is None:
        assert given_answer == NotSatisfiable()
    else:
        assert isinstance(given_answer, Part)
        assert content[given_answer.start : given_answer.end] == expected
        assert given_answer.content_range(len(content)) == (
            f"bytes {given_answer.start}-{given_answer.start + len(expected) - 1}/{len(content)}"
        )


@given(st.sampled_from(["range", "if-range", "if-none-match", "if-match", "if-modified-since"]), st.text(max_size=40))
def test_no_header_makes_it_stumble(name: str, value: str) -> None:
    given_answer = answer("GET", {name: value}, 100, FILE)
    if isinstance(given_answer, Part):
        assert 0 <= given_answer.start < given_answer.end <= 100
