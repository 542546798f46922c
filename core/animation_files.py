"""Writers of animations: pictures go in one after the other, a file with its recipe comes out."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_files import PNG_SIGNATURE, ZIP_ENTRY, embed, xmp_packet

Pixels = npt.NDArray[np.uint8]  # [rows, columns, 4]: red, green, blue, opacity
FREQUENT = 64  # of the 256 colours of a GIF
GROUNDS = 6  # of those are met everywhere and must be exact
NEAR = 10.5  # levels
NO_VIDEO = 'MP4 needs the extra "video": pip install "zoetrope[video]"'


class AnimationError(ValueError):
    """An animation that cannot be made; the text is one sentence."""


def common_palette(samples: Sequence[Pixels]) -> Any:
    """Return a picture whose 256 colours serve all frames: colours of their own would flicker.

    The most frequent colours (lines, grid, the colours of a map) are kept as they are.
    """
    from PIL import Image

    sheet = np.concatenate(samples)[..., :3]
    packed = sheet.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    colours, counts = np.unique(packed, return_counts=True)
    frequent = colours[np.argsort(-counts.astype(np.int64), kind="stable")[:FREQUENT]]
    blended = Image.fromarray(sheet).quantize(
        256 - FREQUENT, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    exact = np.stack([frequent >> 16, frequent >> 8 & 255, frequent & 255], axis=1).astype(int)
    others = np.reshape(blended.getpalette() or (), (-1, 3))
    grounds, rest = exact[:GROUNDS], np.concatenate([exact[GROUNDS:], others])
    # Pillow looks colours up with two bits missing, so that one this near might be taken for it.
    apart = np.linalg.norm(rest[:, None] - grounds, axis=2).min(axis=1) > NEAR
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.concatenate([grounds, rest[apart]]).ravel().tolist())
    return palette


def opaque(pixels: Pixels) -> Any:
    """Return pixels as a picture without opacity."""
    from PIL import Image

    return Image.fromarray(pixels).convert("RGB")


def write_gif(
    path: Path, pictures: Iterator[Pixels], palette: Any, fps: float, recipe: Recipe
) -> None:
    """Write a GIF whose frames share the colours of `palette`."""
    from PIL import Image

    frames = [
        opaque(pixels).quantize(palette=palette, dither=Image.Dither.NONE) for pixels in pictures
    ]
    # GIF counts hundredths of a second; the rounding is carried over, so the film keeps its length.
    ends = [round(100 * (step + 1) / fps) for step in range(len(frames))]
    durations = [10 * max(2, b - a) for a, b in zip([0, *ends], ends, strict=False)]
    frames[0].save(
        path,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        optimize=False,
        disposal=1,
    )
    path.write_bytes(embed(path.read_bytes(), recipe))


def write_webp(
    path: Path, pictures: Iterator[Pixels], _count: int, fps: float, recipe: Recipe
) -> None:
    """Write an animated WebP without loss."""
    from PIL import Image

    images = (Image.fromarray(pixels.copy()) for pixels in pictures)
    next(images).save(
        path,
        format="WEBP",
        save_all=True,
        append_images=images,
        duration=round(1000 / fps),
        loop=0,
        lossless=True,
        quality=20,
        method=0,
        xmp=xmp_packet(recipe),
    )


def write_apng(
    path: Path, pictures: Iterator[Pixels], count: int, fps: float, recipe: Recipe
) -> None:
    """Write an animated PNG frame by frame, only what changed; Pillow's writer keeps all frames."""
    with path.open("wb") as file:
        sequence, opaque = 0, True
        before: Pixels | None = None
        for pixels in pictures:
            x0, y0, x1, y1 = _changed(before, pixels)
            if before is None:
                opaque = bool((pixels[..., 3] == 255).all())
            header, data = _png_parts(pixels[y0:y1, x0:x1, : 3 if opaque else 4])
            if before is None:
                file.write(embed(PNG_SIGNATURE + _chunk(b"IHDR", header), recipe))
                file.write(_chunk(b"acTL", struct.pack(">II", count, 0)))
            delay = (round(1e4 / fps), 10_000)
            control = struct.pack(">IIIIIHHBB", sequence, x1 - x0, y1 - y0, x0, y0, *delay, 0, 0)
            file.write(_chunk(b"fcTL", control))
            sequence += 1
            if before is None:
                file.write(_chunk(b"IDAT", data))
            else:
                file.write(_chunk(b"fdAT", struct.pack(">I", sequence) + data))
                sequence += 1
            before = pixels.copy()
        file.write(_chunk(b"IEND", b""))


def write_frames(
    path: Path, pictures: Iterator[Pixels], count: int, _fps: float, recipe: Recipe
) -> None:
    """Write a ZIP file with a PNG for each frame, for programs that cut films, and the recipe."""
    from PIL import Image

    digits = max(4, len(str(count)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(ZIP_ENTRY), recipe.to_json())
        for number, pixels in enumerate(pictures, 1):
            buffer = io.BytesIO()
            Image.fromarray(pixels).save(buffer, format="PNG", compress_level=6)
            entry = zipfile.ZipInfo(f"frame-{number:0{digits}d}.png")  # dated 1980, as all files
            archive.writestr(entry, buffer.getvalue())


def _changed(before: Pixels | None, after: Pixels) -> tuple[int, int, int, int]:
    """Return the smallest rectangle (x0, y0, x1, y1) that holds all changes; never empty."""
    if before is None:
        return 0, 0, after.shape[1], after.shape[0]
    changed = (before != after).any(axis=2)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if rows.size == 0:
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _png_parts(pixels: Pixels) -> tuple[bytes, bytes]:
    """Return the IHDR and the image data of a picture as PNG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, format="PNG", compress_level=6)
    encoded = buffer.getvalue()
    header, data, place = b"", b"", len(PNG_SIGNATURE)
    while place < len(encoded):
        length, kind = struct.unpack_from(">I4s", encoded, place)
        content = encoded[place + 8 : place + 8 + length]
        header = content if kind == b"IHDR" else header
        data += content if kind == b"IDAT" else b""
        place += 12 + length
    return header, data


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def find_ffmpeg() -> str:
    """Return the ffmpeg program that imageio-ffmpeg brings; raises `AnimationError`."""
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        raise AnimationError(NO_VIDEO) from None


def write_mp4(
    path: Path, pictures: Iterator[Pixels], _count: int, fps: float, recipe: Recipe
) -> None:
    """Write an MP4 film (H.264) that every player shows; its sides must be even."""
    first = next(pictures)
    height, width = first.shape[:2]
    notes = path.with_name(path.name[:-4] + "-notes.tmp")
    # A file rather than an argument: a long recipe would not fit into a command line.
    notes.write_text(f";FFMETADATA1\ncomment={recipe.to_code()}\n", encoding="ascii")
    command = [find_ffmpeg(), "-y", "-nostdin", "-loglevel", "error"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", f"{width}x{height}", "-r", f"{fps}"]
    command += ["-i", "-", "-f", "ffmetadata", "-i", str(notes)]
    command += ["-map", "0:v", "-map_metadata", "1"]
    command += ["-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p"]
    command += ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart"]
    command += ["-f", "mp4", str(path)]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=complaints)
        try:
            assert process.stdin is not None
            process.stdin.write(first.tobytes())
            for pixels in pictures:
                process.stdin.write(pixels.tobytes())
            process.stdin.close()
            failed = process.wait() != 0
        except BrokenPipeError:
            failed = True
        finally:
            if process.stdin is not None and not process.stdin.closed:
                with contextlib.suppress(OSError):
                    process.stdin.close()
            if process.poll() is None:
                process.kill()
            process.wait()
            notes.unlink(missing_ok=True)
        if failed:
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip().splitlines()
            raise OSError(f"ffmpeg gave up: {said[-1] if said else process.returncode}")


WRITERS: Mapping[str, Callable[[Path, Iterator[Pixels], int, float, Recipe], None]] = {
    "webp": write_webp,
    "apng": write_apng,
    "mp4": write_mp4,
    "zip": write_frames,
}
