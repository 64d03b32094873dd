"""Reads from an APK what an installer needs: package name, version, requested permissions.

An APK is a zip with a binary AndroidManifest.xml: a string pool, a table of resource ids for the attribute names, then
start-element chunks. Only these are read; nothing is unpacked to disk and nothing in it runs.
Source: Android's ResourceTypes.h (ResStringPool_header, ResXMLTree_attrExt, Res_value).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

MANIFEST_SIZE_MAX = 16 * 1024 * 1024

_STRING_POOL, _RESOURCE_MAP, _START_ELEMENT = 0x0001, 0x0180, 0x0102
_UTF8_FLAG = 0x100
_TYPE_STRING = 0x03
_NONE = 0xFFFFFFFF
_ATTRIBUTE_IDS = {0x01010003: "name", 0x0101021B: "versionCode", 0x0101021C: "versionName"}


class BadApk(Exception):
    """Not an APK one can install. `code` is what Android's installer would say."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Apk:
    """What an APK says of itself."""

    package: str
    version: str
    version_code: int
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    attributes: dict[str, str | int]


def read_apk(data: bytes) -> Apk:
    """What the manifest says.

    Raises:
        BadApk: no zip, no manifest, or one that cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo("AndroidManifest.xml").file_size > MANIFEST_SIZE_MAX:
                raise BadApk("INSTALL_PARSE_FAILED_BAD_MANIFEST", "the manifest is too large")
            manifest = archive.read("AndroidManifest.xml")
    except KeyError as error:
        raise BadApk("INSTALL_PARSE_FAILED_BAD_MANIFEST", "no AndroidManifest.xml inside") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError) as error:
        raise BadApk("INSTALL_PARSE_FAILED_NOT_APK", "Failed to parse the APK: not a zip archive") from error
    try:
        elements = _elements(manifest)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise BadApk("INSTALL_PARSE_FAILED_BAD_MANIFEST", f"the manifest cannot be read ({error})") from error
    root = next((element for element in elements if element.name == "manifest"), None)
    if root is None or not root.attributes.get("package"):
        raise BadApk("INSTALL_PARSE_FAILED_BAD_PACKAGE_NAME", "the manifest names no package")
    code = root.attributes.get("versionCode", 0)
    return Apk(
        package=str(root.attributes["package"]),
        version=str(root.attributes.get("versionName", "")),
        version_code=code if isinstance(code, int) else 0,
        permissions=tuple(
            str(element.attributes["name"])
            for element in elements
            if element.name == "uses-permission" and "name" in element.attributes
        ),
    )


def _elements(manifest: bytes) -> list[_Element]:
    strings: list[str] = []
    resource_ids: tuple[int, ...] = ()
    elements = []
    offset = 8  # past the file's own header
    while offset + 8 <= len(manifest):
        kind, header_size, size = struct.unpack_from("<HHI", manifest, offset)
        if size < 8:
            raise struct.error("a chunk without a size")
        chunk = manifest[offset : offset + size]
        if kind == _STRING_POOL:
            strings = _strings(chunk)
        elif kind == _RESOURCE_MAP:
            count = (size - header_size) // 4
            resource_ids = struct.unpack_from(f"<{count}I", chunk, header_size)
        elif kind == _START_ELEMENT:
            elements.append(_element(chunk, header_size, strings, resource_ids))
        offset += size
    return elements


def _element(chunk: bytes, header_size: int, strings: list[str], resource_ids: tuple[int, ...]) -> _Element:
    _, name, start, stride, count = struct.unpack_from("<IIHHH", chunk, header_size)
    attributes: dict[str, str | int] = {}
    for number in range(count):
        at = header_size + start + number * stride
        _, key, raw, _, _, value_type, value = struct.unpack_from("<IIIHBBI", chunk, at)
        known = _ATTRIBUTE_IDS.get(resource_ids[key]) if key < len(resource_ids) else None
        if value_type == _TYPE_STRING:
            attributes[known or strings[key]] = strings[value]
        else:
            attributes[known or strings[key]] = strings[raw] if raw != _NONE else value
    return _Element(strings[name], attributes)


def _strings(chunk: bytes) -> list[str]:
    header_size, _, count, _, flags, start, _ = struct.unpack_from("<2xHIIIIII", chunk)
    offsets = struct.unpack_from(f"<{count}I", chunk, header_size)
    read = _utf8 if flags & _UTF8_FLAG else _utf16
    return [read(chunk, start + offset) for offset in offsets]


def _utf8(chunk: bytes, at: int) -> str:
    at += 2 if chunk[at] & 0x80 else 1  # the length in characters
    length = chunk[at]
    at += 1
    if length & 0x80:
        length = (length & 0x7F) << 8 | chunk[at]
        at += 1
    return chunk[at : at + length].decode("utf-8", "replace")


def _utf16(chunk: bytes, at: int) -> str:
    (length,) = struct.unpack_from("<H", chunk, at)
    at += 2
    if length & 0x8000:
        (low,) = struct.unpack_from("<H", chunk, at)
        length = (length & 0x7FFF) << 16 | low
        at += 2
    return chunk[at : at + 2 * length].decode("utf-16-le", "replace")
