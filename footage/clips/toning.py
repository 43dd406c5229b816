"""High dynamic range, made into what a JPEG shows: pictures without a word on their light are taken for sRGB.

ITU-R BT.2100-2 for the light that PQ and HLG stand for, BT.2390-11 (5.4.1) for how the brightest of it is brought
together, BT.2087 for the way from the primaries of BT.2020 to those of BT.709, IEC 61966-2-1 for sRGB.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reading.facts import Picture

Light = NDArray[np.floating]
"""Candelas a square metre, or the signal that stands for them, by raster and primary."""

_PQ, _HLG, _BT2020 = 16, 18, 9
# In candelas a square metre: the screen for which HDR is graded, and the white of a page on it (BT.2408), where a JPEG
# ends.
_PEAK, _WHITE = 1000.0, 203.0
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
_A, _B, _C = 0.17883277, 0.28466892, 0.55991073
_GAMMA = 1.2
_LUMINANCE = np.array((0.2627, 0.6780, 0.0593), np.float32)
_TO_709 = np.array(((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187)), np.float32)
# A table of this many steps is finer than what eight bits show of it.
_STEPS = 4096


def is_hdr(picture: Picture) -> bool:
    """Whether a film says that its light is PQ or HLG."""
    return picture.transfer in (_PQ, _HLG)


def toned(raster: NDArray[Any], picture: Picture) -> NDArray[np.uint8]:
    """RGB samples of a film in high dynamic range, whole numbers as deep as they are, made sRGB of eight bits."""
    signal = raster.astype(np.float32) / np.iinfo(raster.dtype).max
    light = _pq_light(signal) if picture.transfer == _PQ else _hlg_light(signal)
    # The three primaries by one factor, that of the brightest: so no colour changes its hue.
    brightest = light.max(axis=-1, keepdims=True)
    tones = np.linspace(0, 1, _STEPS, dtype=np.float32)
    light = light * np.interp(_pq_signal(brightest), tones, _brought_together(tones)) / np.maximum(brightest, 1e-4)
    if picture.primaries == _BT2020:
        light = light @ _TO_709.T
    shown = np.clip(light / _WHITE, 0, 1)
    coded = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)
    made: NDArray[np.uint8] = np.rint(255 * coded).astype(np.uint8)
    return made


def _pq_light(signal: Light) -> Light:
    root = signal ** (1 / _M2)
    light: Light = 10_000 * (np.maximum(root - _C1, 0) / (_C2 - _C3 * root)) ** (1 / _M1)
    return light


def _pq_signal(light: Light) -> Light:
    power = (light / 10_000) ** _M1
    signal: Light = ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2
    return signal


def _hlg_light(signal: Light) -> Light:
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - _C) / _A) + _B) / 12)
    luminance = scene @ _LUMINANCE
    light: Light = _PEAK * scene * luminance[..., None] ** (_GAMMA - 1)
    return light


def _brought_together(tones: Light) -> Light:
    """The light shown for a PQ signal: its own up to a knee, then in a curve that reaches white where the signal does
    the peak."""
    peak, white = (float(_pq_signal(np.array(light, np.float32))) for light in (_PEAK, _WHITE))
    whole, most = np.minimum(tones / peak, 1), white / peak
    knee = 1.5 * most - 0.5
    t = np.maximum(whole - knee, 0) / (1 - knee)
    curve = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * most
    return _pq_light(np.where(whole < knee, whole, curve) * peak)
