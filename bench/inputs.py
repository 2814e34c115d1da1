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


def git_history(folder, commits):
    """A git repository: 1,000 texts in 250 folders, two of them change each
    time. Made by git itself, and packed as it is after a clone."""
    path = os.path.join(folder, f"history-{commits}.git")
    if os.path.exists(path):
        return path
    making = path + ".part"
    shutil.rmtree(making, ignore_errors=True)
    subprocess.run(["git", "init", "-q", "--bare", making], check=True)
    with subprocess.Popen(["git", "-C", making, "fast-import", "--quiet"],
                          stdin=subprocess.PIPE) as importer:
        write_history(importer.stdin, commits)
    subprocess.run(["git", "-C", making, "symbolic-ref", "HEAD",
                    "refs/heads/main"], check=True)
    subprocess.run(["git", "-C", making, "gc", "-q"], check=True)
    os.rename(making, path)
    return path


def write_history(out, commits):
    source = random.Random(4242)
    names = [f"d{i // 20:02}/s{i % 5}/f{i:04}.txt" for i in range(1000)]
    lines = {name: [f"line {source.getrandbits(64):x}" for _ in range(60)]
             for name in names}
    for number in range(1, commits + 1):
        out.write(b"commit refs/heads/main\nmark :%d\n"
                  b"committer B <b@b> %d +0100\ndata 5\nwork\n"
                  % (number, 1600000000 + 60 * number))
        if number > 1:
            out.write(b"from :%d\n" % (number - 1))
        for name in names if number == 1 else source.sample(names, 2):
            lines[name][source.randrange(60)] = f"{source.getrandbits(64):x}"
            data = "\n".join(lines[name]).encode()
            out.write(b"M 100644 inline %s\ndata %d\n%s\n"
                      % (name.encode(), len(data), data))


def tiny_files(folder, count):
    """`count` files of 64 bytes of noise in folders of 1,000."""
    source = random.Random(77)
    for i in range(count):
        base = os.path.join(folder, f"d{i // 1000:04}")
        if i % 1000 == 0:
            os.makedirs(base, exist_ok=True)
        with open(os.path.join(base, f"f{i % 1000:03}"), "wb") as file:
            file.write(source.randbytes(64))
