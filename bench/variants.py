"""
One clip in many wrappings: what editors do to a file without touching the
pictures. Made by ffmpeg without encoding anything again, once, and kept.
"""
import os
import subprocess

SECONDS = 80

COPY = "-map 0 -c copy -fflags +bitexact"
VIDEO = "testsrc2=s=1920x1080:r=30:d={d}"
NOISE = "noise=alls={n}:allf=t:all_seed=42"
SOUND = "sine=f={f}:r=48000:d={d}:b=4"

X264 = ("-c:v libx264 -preset veryfast -b:v 30M -g 60 -keyint_min 60 "
        "-sc_threshold 0 -bf 2 -threads 2")
X265 = ("-c:v libx265 -preset ultrafast -b:v 24M -tag:v hvc1 -x265-params "
        "keyint=60:min-keyint=60:scenecut=0:pools=2:frame-threads=1:"
        "log-level=none:info=0")
PRORES = "-c:v prores_aw -profile:v 3 -vendor apl0 -threads 2"
DNXHR = "-c:v dnxhd -profile:v dnxhr_hq"
AAC = "-c:a aac -b:a 192k"
PCM = "-c:a pcm_s16le"

# Bases: name, file, seconds, pixel format, noise, codecs.
BASES = [
    ("H.264 MP4", "h264.mp4", SECONDS, "yuv420p", 14, X264, AAC),
    ("HEVC MP4", "hevc.mp4", 20, "yuv420p", 12, X265, AAC),
    ("ProRes MOV", "prores.mov", 10, "yuv422p10le", 8, PRORES, PCM),
    ("DNxHR MOV", "dnxhr.mov", 10, "yuv422p", 8, DNXHR, PCM),
]

FRAGMENTS = "-movflags +frag_keyframe+empty_moov+default_base_moof -f mp4"

# Variants: name, limit in percent of the file, ffmpeg's arguments after the
# input, ending. {base} is the file itself; an input before it may be named by
# "->" at the start: "NAME ->" takes that variant instead.
COMMON = [
    ("faststart", 0.2, f"{COPY} -movflags +faststart", "{ext}"),
    ("title and comment", 0.2,
     f"{COPY} -metadata title=Take7 -metadata comment=graded", "{ext}"),
    ("MKV", 0.2, f"{COPY} -f matroska", "mkv"),
    ("without sound", 0.2, "-map 0:v -c copy -fflags +bitexact", "{ext}"),
    ("first half", 1, f"-t {{half}} {COPY}", "{ext}"),
]
LONG_GOP = [
    ("MOV", 0.2, f"{COPY} -f mov", "mov"),
    ("fragmented", 0.2, f"{COPY} {FRAGMENTS}", "mp4"),
    ("fragments of 2 s", 0.2,
     f"{COPY} -movflags +empty_moov+default_base_moof -frag_duration 2000000 "
     "-f mp4", "mp4"),
    ("interleaved anew", 0.2, f"{COPY} -max_interleave_delta 1 "
     "-movflags +faststart -f mov", "mov"),
    ("TS", 2, f"{COPY} -f mpegts", "ts"),
    ("without the start", 1, f"-ss {{third}} -i {{base}} {COPY}", "{ext}"),
]
INTRA = [
    ("MXF", 1, f"-r 30 -i {{base}} {COPY} -f mxf", "mxf"),
    ("other timecode", 0.2, f"{COPY} -timecode 10:00:00:00", "mov"),
]
VARIANTS = {
    "h264.mp4": COMMON + LONG_GOP,
    "hevc.mp4": COMMON + LONG_GOP,
    "prores.mov": COMMON + INTRA,
    "dnxhr.mov": COMMON + INTRA,
}


def ffmpeg(words, path):
    if os.path.exists(path):
        return True
    part = os.path.join(os.path.dirname(path), "part-" + os.path.basename(path))
    made = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y"] + words
                          + [part], check=False)
    if made.returncode == 0:
        os.rename(part, path)
    elif os.path.exists(part):
        os.unlink(part)
    return made.returncode == 0


def base_file(folder, base):
    _, name, seconds, pixels, noise, video, sound = base
    path = os.path.join(folder, name)
    words = (f"-fflags +bitexact -f lavfi -i {VIDEO} -f lavfi -i {SOUND} -vf "
             f"{NOISE},format={pixels} {video} {sound} -flags:v +bitexact "
             "-flags:a +bitexact").format(d=seconds, n=noise, f=220)
    if not ffmpeg(words.split(), path):
        raise RuntimeError(f"ffmpeg cannot make {name}")
    return path


def variants_of(folder, base):
    """Yields (name, limit, path) for the variants that ffmpeg can make."""
    path = base_file(folder, base)
    stem, ext = os.path.splitext(path)
    for name, limit, words, ending in VARIANTS[base[1]]:
        out = f"{stem}-{name.replace(' ', '-')}.{ending.format(ext=ext[1:])}"
        words = words.format(base=path, half=base[2] // 2, third=base[2] // 4)
        if " -i " not in f" {words} ":
            words = f"-i {path} {words}"
        if ffmpeg(words.split(), out):
            yield name, limit, out
