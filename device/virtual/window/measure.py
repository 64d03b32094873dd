"""How wide text is: what the layout asks, and an answer that needs no fonts."""

from __future__ import annotations

from typing import Protocol


class TextMeasure(Protocol):
    """How wide words are. `render.fonts.TextMeasure` measures real fonts, `FixedMeasure` needs none."""

    def width(self, words: str, size_px: int, bold: bool) -> float: ...

    def wrap(self, words: str, size_px: int, bold: bool, max_width_px: int, max_lines: int) -> tuple[str, ...]:
        """The words broken into lines no wider than `max_width_px`; `max_lines` 0 means as many as it takes."""
        ...

    def line_height(self, size_px: int) -> int: ...


class FixedMeasure:
    """Every character is half as wide as the text is high (a wide script's: as wide). Quick, and the same anywhere."""

    def width(self, words: str, size_px: int, bold: bool) -> float:
        return sum(size_px if ord(character) > 0x2E7F else size_px * 0.5 for character in words)

    def wrap(self, words: str, size_px: int, bold: bool, max_width_px: int, max_lines: int) -> tuple[str, ...]:
        lines: list[str] = []
        for paragraph in words.split("\n"):
            line = ""
            for word in paragraph.split(" "):
                longer = f"{line} {word}" if line else word
                if not line or self.width(longer, size_px, bold) <= max_width_px:
                    line = longer
                else:
                    lines.append(line)
                    line = word
            lines.append(line)
        return tuple(lines[:max_lines] if max_lines else lines)

    def line_height(self, size_px: int) -> int:
        return round(size_px * 1.25)
