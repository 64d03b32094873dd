"""Edges of a picture in a form that light and dark theme, hue and contrast leave as they are.

Every pixel gets the direction of its strongest edge as a double angle, weighted by the edge's height, summed over the
three colours (Di Zenzo's structure tensor). An edge from dark to bright and the same from bright to dark are equal, and
so are a red sign on white and a white one on black. How much two such forms agree is a normalised product: contrast
that is the same everywhere cancels out.
Source: S. Di Zenzo, A note on the gradient of a multi-image (1986); weights and sizes are ours, see docs/vision.md.
"""

from __future__ import annotations

from typing import Final

from perception.vision.image import Pixels
from perception.vision.packages import numpy, opencv

EDGE_MIN: Final = 26.0  # of ~360, all colours together: a divider is below, a sign of any readable contrast above


def edges(rgb: Pixels) -> Pixels:
    """Double-angle edges, float32 [height, width, 2]; their length is the height of the edge, 0 to about 360."""
    cv2, np = opencv(), numpy()
    across = cv2.Sobel(rgb, cv2.CV_32F, 1, 0, ksize=3, scale=0.25)
    down = cv2.Sobel(rgb, cv2.CV_32F, 0, 1, ksize=3, scale=0.25)
    straight = cv2.transform(across * across - down * down, np.ones((1, 3), np.float32))
    slanted = cv2.transform(2.0 * across * down, np.ones((1, 3), np.float32))
    weight = 1.0 / np.sqrt(cv2.magnitude(straight, slanted) + 1.0)  # the tensor's length is the height squared
    return cv2.GaussianBlur(cv2.merge([straight * weight, slanted * weight]), (3, 3), 0)


def heights(form: Pixels) -> Pixels:
    """The length of `edges` at every pixel, float32 [height, width]."""
    return opencv().magnitude(form[:, :, 0], form[:, :, 1])


def agreement(form: Pixels, sought: Pixels) -> Pixels:
    """How well `sought` agrees with `form` at every place it can lie, -1..1; [height, width] of the places."""
    cv2, np = opencv(), numpy()
    found = cv2.matchTemplate(form, sought, cv2.TM_CCORR_NORMED)
    np.nan_to_num(found, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(found, -1.0, 1.0, out=found)
