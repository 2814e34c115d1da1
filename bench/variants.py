"""
One clip in many wrappings: what editors do to a file without touching most of
its pictures. Made by ffmpeg, once, and kept. Pictures are encoded with a constant
quantizer, so that the same pictures always give the same bytes.
"""
import os
import subprocess
from dataclasses import dataclass

COPY = "-map 0 -c copy -fflags +bitexact"
VIDEO = "testsrc2=s=1920x1080:r=30:d={d}"
NOISE = "noise=alls={n}:allf=t:all_seed=42"
SOUND = "sine=f={f}:r=48000:d={d}:b=4"

X264 = ("-c:v libx264 -preset veryfast -qp 31 -g 60 -keyint_min 60 "
        "-sc_threshold 0 -bf 2 -threads 2")
X265 = ("-c:v libx265 -preset ultrafast -qp 30 -tag:v hvc1 -x265-params "
        "keyint=60:min-keyint=60:scenecut=0:pools=2:frame-threads=1:"
        "log-level=none:info=0")
PRORES = "-c:v prores_aw -profile:v 3 -vendor apl0 -threads 2"
DNXHR = "-c:v dnxhd -profile:v dnxhr_hq"
AAC = "-c:a aac -b:a 192k"
PCM = "-c:a pcm_s16le"


@dataclass(frozen=True)
class Base:
    title: str
    file: str
    seconds: int
    pixels: str
    noise: int
    video: str  # ffmpeg's arguments for each codec
    sound: str
    retag: str  # and for other colours without encoding again
    group: float  # seconds between pictures that stand alone

    @property
    def stem(self):
        return self.file.split(".")[0]

    @property
    def ending(self):
        return self.file.split(".")[1]


BASES = [
    Base("H.264 MP4", "h264.mp4", 80, "yuv420p", 14, X264, AAC,
         "-bsf:v h264_metadata=colour_primaries=9", 2),
    Base("HEVC MP4", "hevc.mp4", 20, "yuv420p", 12, X265, AAC,
         "-bsf:v hevc_metadata=colour_primaries=9", 2),
    Base("ProRes MOV", "prores.mov", 10, "yuv422p10le", 8, PRORES, PCM,
         "-bsf:v prores_metadata=color_primaries=bt2020", 0),
    Base("DNxHR MOV", "dnxhr.mov", 10, "yuv422p", 8, DNXHR, PCM,
         "-color_primaries bt2020 -movflags +write_colr", 0),
]


@dataclass(frozen=True)
class Variant:
    name: str
    # ffmpeg's arguments; {base} and {other_variant} are paths.
    words: str
    ending: str = None  # that of the base
    percent: float = 0.2  # of its size that may be stored anew
    more: str = None  # what may be beside: "groups", "sound", "scene"
    bases: tuple = None  # all


LONG_GOP = ("h264", "hevc")
INTRA = ("prores", "dnxhr")
FRAGMENTS = "-movflags +frag_keyframe+empty_moov+default_base_moof -f mp4"

VARIANTS = [
    Variant("faststart", f"-i {{base}} {COPY} -movflags +faststart"),
    Variant("title and comment",
            f"-i {{base}} {COPY} -metadata title=Take7 -metadata comment=graded"),
    Variant("other colours", f"-i {{base}} {COPY} {{retag}}"),
    Variant("other timecode", f"-i {{base}} {COPY} -timecode 10:00:00:00",
            bases=INTRA),
    Variant("to MOV", f"-i {{base}} {COPY} -f mov", "mov", bases=LONG_GOP),
    Variant("to MKV", f"-i {{base}} {COPY}", "mkv"),
    Variant("and back from MKV", f"-i {{to_MKV}} {COPY}"),
    Variant("fragmented", f"-i {{base}} {COPY} {FRAGMENTS}", "mp4",
            bases=LONG_GOP),
    Variant("fragments of 3 s",
            f"-i {{fragmented}} {COPY} -movflags +empty_moov+default_base_moof "
            "-frag_duration 3000000 -f mp4", "mp4", bases=LONG_GOP),
    Variant("and in one piece again", f"-i {{fragments_of_3_s}} {COPY}",
            bases=LONG_GOP),
    Variant("interleaved anew",
            f"-i {{base}} {COPY} -max_interleave_delta 1 -chunk_duration 4000000"),
    Variant("without sound", "-i {base} -map 0:v -c copy -fflags +bitexact"),
    Variant("to TS", f"-i {{base}} {COPY} -f mpegts", "ts", 2, bases=LONG_GOP),
    Variant("to MXF", f"-r 30 -i {{base}} {COPY} -f mxf", "mxf", 1, bases=INTRA),
    Variant("first half", f"-i {{base}} -t {{half}} {COPY}", None, 1, "groups"),
    Variant("without the start", f"-ss {{third}} -i {{base}} {COPY}", None, 1,
            "groups"),
    Variant("the middle", f"-ss {{third}} -i {{base}} -t {{third}} {COPY}", None,
            1, "groups"),
    Variant("other sound",
            f"-i {{base}} -f lavfi -i {SOUND} -map 0:v -map 1:a -c:v copy "
            "{sound} -flags:a +bitexact -fflags +bitexact", None, 0.2, "sound"),
    Variant("twice in a row", f"-f concat -safe 0 -i {{list}} {COPY}", None, 0.5),
    Variant("a scene rendered anew", "", None, 1, "scene"),
]


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


def render(base, path, more=""):
    """Encode the clip; `more` is one more filter for its pictures."""
    words = (f"-fflags +bitexact -f lavfi -i {VIDEO} -f lavfi -i {SOUND} -vf "
             f"{NOISE}{more},format={base.pixels} {base.video} {base.sound} "
             "-flags:v +bitexact -flags:a +bitexact")
    return ffmpeg(words.format(d=base.seconds, n=base.noise, f=220).split(), path)


def base_file(folder, base):
    path = os.path.join(folder, base.file)
    if not render(base, path):
        raise RuntimeError(f"ffmpeg cannot make {base.file}")
    return path


# The scene: its start is that of a group of pictures.
SCENE_SECONDS = 2


def scene(base):
    start = base.seconds // 4 * 2
    return start, start + SCENE_SECONDS


def make(folder, base, variant, made):
    """The variant's file; None when ffmpeg cannot make it."""
    name = f"{base.stem}-{variant.name.replace(' ', '-')}"
    path = os.path.join(folder, f"{name}.{variant.ending or base.ending}")
    if variant.more == "scene":
        start, end = scene(base)
        box = f",drawbox=x=200:w=300:y=200:h=200:t=fill:enable=" \
            f"'gte(t,{start})*lt(t,{end})'"
        return path if render(base, path, box) else None
    places = dict(made, half=base.seconds // 2, third=base.seconds // 3,
                  d=base.seconds, f=880)
    words = variant.words.replace("{retag}", base.retag)
    words = words.replace("{sound}", base.sound).split()
    return path if ffmpeg([word.format(**places) for word in words],
                          path) else None


def variants_of(folder, base):
    """Yields (variant, path) for the variants that ffmpeg can make."""
    made = {"base": base_file(folder, base),
            "list": os.path.join(folder, f"{base.stem}-twice.txt")}
    with open(made["list"], "w", encoding="utf-8") as file:
        file.write(f"file '{base.file}'\n" * 2)
    for variant in VARIANTS:
        if variant.bases is not None and base.stem not in variant.bases:
            continue
        path = make(folder, base, variant, made)
        if path is not None:
            made[variant.name.replace(" ", "_")] = path
            yield variant, path


def allowed(base, variant, path):
    """How many bytes of the variant may be stored anew."""
    size = os.path.getsize(path)
    share = size * variant.percent / 100
    second = size / max(base.seconds, 1)
    if variant.more == "groups":
        return max(share, 2 * base.group * second)
    if variant.more == "scene":
        return share + (SCENE_SECONDS + base.group) * second
    if variant.more == "sound":
        return share + sound_bytes(path)
    return share


def sound_bytes(path):
    """The size of the packets of sound."""
    found = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "a", "-show_entries",
         "packet=size", "-of", "csv=p=0", path],
        capture_output=True, text=True, check=True)
    return sum(int(line.strip(",")) for line in found.stdout.split())
