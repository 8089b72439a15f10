"""Lightness as people see it: colours turned over in CIE Lab, hue and strength kept. Pure."""

from newsletter.rendering.checks.colours import LINEAR_UP_TO, Colour, linear

_WHITE = (0.95047, 1.0, 1.08883)
_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_FROM_XYZ = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)
_EDGE = 6 / 29
_DARKEST = 5.0
"""Lightness that white turns into: about that of #121212."""

_Three = tuple[float, float, float]


def turned_over(shade: Colour) -> Colour:
    """Give the colour that is as dark as this one is light, and light where it is dark."""
    light, a, b = _lab(shade)
    opposite = _DARKEST + (100 - light) * (100 - _DARKEST) / 100
    red, green, blue = _rgb((opposite, a, b))
    return Colour(red, green, blue, shade.alpha)


def _lab(shade: Colour) -> _Three:
    lights = (linear(shade.red), linear(shade.green), linear(shade.blue))
    x, y, z = (
        _root(part / white) for part, white in zip(_times(_TO_XYZ, lights), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _rgb(lab: _Three) -> _Three:
    light, a, b = lab
    y = (light + 16) / 116
    roots = (y + a / 500, y, y - b / 200)
    x, y, z = (_cube(root) * white for root, white in zip(roots, _WHITE, strict=True))
    red, green, blue = _times(_FROM_XYZ, (x, y, z))
    return _curved(red), _curved(green), _curved(blue)


def _times(matrix: tuple[_Three, _Three, _Three], of: _Three) -> _Three:
    first, second, third = (
        sum(factor * part for factor, part in zip(row, of, strict=True)) for row in matrix
    )
    return first, second, third


def _root(part: float) -> float:
    return float(part ** (1 / 3)) if part > _EDGE**3 else part / (3 * _EDGE**2) + 4 / 29


def _cube(root: float) -> float:
    return float(root**3) if root > _EDGE else 3 * _EDGE**2 * (root - 4 / 29)


def _curved(part: float) -> float:
    kept = min(max(part, 0.0), 1.0)
    return (
        kept * 12.92 if kept <= LINEAR_UP_TO / 12.92 else float(1.055 * kept ** (1 / 2.4) - 0.055)
    )
