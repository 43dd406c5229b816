"""Sample entries, by which a track says what its samples are, for the tracks that are not the master's own."""

from .boxes import box, full_box, number


def timecode_entry(start_rate: tuple[int, int], base: int, drop_frame: bool) -> bytes:
    """The sample entry of a timecode track: the rate as frames and seconds, frames counted in a second, drop-frame."""
    frames, seconds = start_rate
    flags = (1 if drop_frame else 0) | 2
    said = (bytes(6), number(1, 2), bytes(4), number(flags), number(frames), number(seconds), bytes((base, 0)))
    return box(b"tmcd", *said)


def aac_entry(configuration: bytes, channels: int, sample_rate: int, bit_rate: int) -> bytes:
    """A sample entry of AAC (ISO/IEC 14496-14, 5.6.1) around the encoder's configuration (14496-3, 1.6.2.1)."""

    def descriptor(tag: int, *parts: bytes) -> bytes:
        payload = b"".join(parts)
        return bytes((tag, 0x80, 0x80, 0x80, len(payload))) + payload

    decoder = descriptor(4, b"\x40\x15", bytes(3), number(bit_rate), number(bit_rate), descriptor(5, configuration))
    stream = descriptor(3, bytes(3), decoder, descriptor(6, b"\2"))
    # The field has 16 bits before its point; a higher rate stands in the track's clock and the configuration alone.
    rate = number(sample_rate << 16 if sample_rate < 1 << 16 else 0)
    sound = (bytes(6), number(1, 2), bytes(8), number(channels, 2), number(16, 2), bytes(4), rate)
    return box(b"mp4a", *sound, full_box(b"esds", 0, 0, stream))
