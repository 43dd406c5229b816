"""Addresses that a bucket honours for a while: signed as its inventor signs them, and saying what we say."""

from bench.bucketing import Server
from footage.places.bucket import Bucket
from footage.places.signing import signed_again
from tests.bucket import fetched


def test_an_address_is_signed_as_its_inventor_shows() -> None:
    """The example of Amazon's “Authenticating Requests: Using Query Parameters”, and one with more said."""
    address = (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=none"
    )
    signed = signed_again(address, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {})
    assert signed.endswith("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")


def test_a_lent_address_says_what_it_was_told_and_no_more_can_be_added(bucket_server: Server) -> None:
    place = Bucket(bucket_server.address("lent/été à la mer"))
    place.write("un film.mov", b"0123456789")
    found = place.find("un film.mov")
    assert found is not None
    said = "attachment; filename=\"x.mov\"; filename*=UTF-8''L%E2%80%99%C3%A9t%C3%A9.mov"
    address = found.link(60, content_disposition=said, content_type="video/quicktime")
    status, headers, body = fetched(address, Range="bytes=3-6")
    assert (status, body) == (206, b"3456")
    assert (headers["Content-Disposition"], headers["Content-Type"]) == (said, "video/quicktime")
    assert fetched(address.replace("quicktime", "mp4"))[0] == 403
    assert fetched(address.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"))[0] == 403
    assert fetched(address.partition("?")[0])[0] == 403
