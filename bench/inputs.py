"""Inputs, made once and kept: the same bytes on every machine."""
import os
import random
import shutil
import struct
import subprocess

VIDEO_SECONDS = 40  # about 2 GB of ProRes 422 HQ
FILES = 100_000
FOLDERS = 1_000
FILE_SIZE = 4096


def prores(folder, seconds=VIDEO_SECONDS):
    """A ProRes 422 HQ clip with PCM audio: generated noise over a pattern."""
    path = os.path.join(folder, f"prores-{seconds}.mov")
    if os.path.exists(path):
        return path
    size = f"s=1920x1080:r=30:d={seconds}"
    command = [
        "ffmpeg", "-nostdin", "-v", "error", "-y", "-fflags", "+bitexact",
        "-f", "lavfi", "-i", f"testsrc2={size}",
        "-f", "lavfi", "-i",
        f"gradients={size}:speed=0.02:seed=5:n=4:x0=100:y0=100:x1=1800:y1=900"
        ":c0=0x203050:c1=0xe0a060:c2=0x30a070:c3=0x5030c0",
        "-f", "lavfi", "-i", f"sine=f=180:r=48000:d={seconds}:b=4",
        "-f", "lavfi", "-i", f"anoisesrc=d={seconds}:c=pink:r=48000:s=5:a=0.05",
        "-filter_complex",
        "[0:v][1:v]blend=all_mode=average,"
        "noise=alls=8:allf=t:all_seed=5,format=yuv422p10le[v];"
        "[2:a][3:a]amix=2,aformat=channel_layouts=stereo[a]",
        "-map", "[v]", "-map", "[a]",
        "-c:v", "prores_aw", "-profile:v", "3", "-vendor", "apl0",
        "-threads", "2", "-c:a", "pcm_s24le",
        "-flags:v", "+bitexact", "-flags:a", "+bitexact",
        "-t", str(seconds), path + ".part.mov",
    ]
    subprocess.run(command, check=True)
    os.rename(path + ".part.mov", path)
    return path


def without_index(path):
    """The clip without its `moov`, which is at the end: no track is found."""
    cut = path + ".cut"
    if not os.path.exists(cut):
        with open(path, "rb") as file:
            at = 0
            while True:
                file.seek(at)
                size, kind = struct.unpack(">I4s", file.read(8))
                if kind == b"moov":
                    break
                at += struct.unpack(">Q", file.read(8))[0] if size == 1 else size
            file.seek(0)
            with open(cut + ".part", "wb") as out:
                shutil.copyfileobj(file, out)
                out.truncate(at)
        os.rename(cut + ".part", cut)
    return cut


def many_files(folder, count=FILES):
    """`count` files of 4 KiB of noise in folders of 100."""
    source = random.Random(4242)
    per_folder = FILES // FOLDERS
    for i in range(count):
        if i % per_folder == 0:
            base = os.path.join(folder, f"d{i // per_folder:04}")
            os.makedirs(base, exist_ok=True)
        with open(os.path.join(base, f"f{i % per_folder:03}"), "wb") as file:
            file.write(source.randbytes(FILE_SIZE))
