"""`Image`: a picture as an array of colours, and how one is made from the bytes a device sent.

The array is height x width x 3, RGB, one byte each, and cannot be written to: an image is shared freely. Size limits
are looked at before anything is unpacked. Decoding is Pillow's, which refuses a picture that was cut short; OpenCV's
decoder fills the rest with grey and says nothing.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from device.actions import Size
from device.protocol import Picture
from perception.element import Bounds
from perception.vision.errors import PictureDamaged, PictureTooLarge
from perception.vision.packages import numpy

Pixels: TypeAlias = Any  # a numpy array; numpy is optional

BYTES_MAX: Final = 64 * 2**20  # an 8K screen of noise as PNG has 100 MB, of anything people look at under 30
PIXELS_MAX: Final = 7680 * 4320  # an 8K screen; the largest phone so far has 3840 x 1644
_FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG"}


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A picture. `rgb` is a read-only uint8 array [height, width, 3]; `derived` holds what was worked out from it."""

    rgb: Pixels = field(repr=False)
    derived: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def width_px(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height_px(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def size(self) -> Size:
        return Size(self.width_px, self.height_px)

    @property
    def whole(self) -> Bounds:
        return Bounds(0, 0, self.width_px, self.height_px)

    def crop(self, box: Bounds) -> Image:
        """The part inside the box, as far as it lies in the picture. Shares memory with this one.

        Raises:
            ValueError: nothing of the box lies in the picture.
        """
        inside = box.meet(self.whole)
        if not inside.area_px:
            raise ValueError(f"{tuple(box)} lies outside of a picture of {self.width_px} x {self.height_px}")
        return Image(self.rgb[inside.top : inside.bottom, inside.left : inside.right])

    @classmethod
    def of_array(cls, rgb: Pixels) -> Image:
        """An image of a uint8 array [height, width, 3] in RGB; it is copied.

        Raises:
            ValueError: an array of another shape or type, or an empty one.
        """
        np = numpy()
        array = np.array(rgb, copy=True, order="C")
        if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3 or not array.size:
            raise ValueError(f"an image is uint8 [height, width, 3]; this is {array.dtype} {list(array.shape)}")
        array.flags.writeable = False
        return cls(array)

    @classmethod
    def of_pillow(cls, picture: Any) -> Image:
        """An image of a `PIL.Image.Image`, such as the virtual phone paints."""
        return cls.of_array(numpy().asarray(picture.convert("RGB")))


def decode(picture: Picture) -> Image:
    """The image of a device's picture.

    Raises:
        PictureTooLarge: more bytes or pixels than a screen has; nothing was unpacked.
        PictureDamaged: cut short, no picture at all, or not of the type it says.
        PackageMissing: numpy is not installed.
    """
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    np = numpy()
    if len(picture.data) > BYTES_MAX:
        raise PictureTooLarge(f"the picture has {len(picture.data)} bytes, more than {BYTES_MAX}")
    try:
        with Pillow.open(io.BytesIO(picture.data), formats=(_FORMATS[picture.media_type],)) as opened:
            width, height = opened.size
            if width * height > PIXELS_MAX:
                raise PictureTooLarge(f"the picture says it is {width} x {height} px, more than {PIXELS_MAX} in all")
            array = np.asarray(opened.convert("RGB"))
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise PictureTooLarge(f"the picture says it has more than {PIXELS_MAX} px") from error
    except UnidentifiedImageError as error:
        raise PictureDamaged(f"these {len(picture.data)} bytes are no {picture.media_type}") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise PictureDamaged(f"the picture cannot be unpacked: {error}") from error
    array.flags.writeable = False
    return Image(array)
