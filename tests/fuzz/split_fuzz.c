/* Taking samples apart: nothing lost, and the same however it is fed. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "media/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came out, boiled down: sizes and parts of the pieces, joined. */
struct sum {
    uint64_t bytes;
    uint64_t hash;
    struct split_piece last;
};

static void end_piece(struct sum *sum)
{
    uint64_t mark = sum->last.size * 8 + sum->last.part;
    if (sum->last.size == 0)
        return;
    mark = mark * 4 + sum->last.unit_start * 2u + sum->last.is_sync;
    sum->hash = (sum->hash ^ mark) * UINT64_C(0x100000001b3);
    sum->last = (struct split_piece){0};
}

static void add(struct sum *sum, const struct split_piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert(pieces[i].size > 0 && pieces[i].part <= SPLIT_FRAMING);
        sum->bytes += pieces[i].size;
        if (sum->last.size > 0 && pieces[i].part == sum->last.part &&
            !pieces[i].unit_start) {
            sum->last.size += pieces[i].size;
            continue;
        }
        end_piece(sum);
        sum->last = pieces[i];
    }
}

static void push(struct splitter *splitter, struct slice bytes, struct sum *sum)
{
    while (bytes.size > 0) {
        struct split_piece pieces[SPLIT_PIECES_MIN];
        size_t count = 0;
        size_t taken =
            splitter_push(splitter, bytes, pieces, SPLIT_PIECES_MIN, &count);
        assert(taken <= bytes.size && count <= SPLIT_PIECES_MIN);
        assert(taken > 0 || count > 0);
        add(sum, pieces, count);
        bytes = slice_of(bytes.data + taken, bytes.size - taken);
    }
}

/* Samples of `sample` bytes, fed in pieces of `by`. */
static struct sum split(const struct media_track *track, struct slice bytes,
                        size_t sample, size_t by)
{
    struct split_piece pieces[SPLIT_PIECES_LAST];
    struct splitter splitter = {0};
    struct sum sum = {0};
    splitter_init(&splitter, track);
    for (size_t at = 0; at < bytes.size;) {
        size_t in_sample = at % sample;
        size_t size = sample - in_sample < by ? sample - in_sample : by;
        size = bytes.size - at < size ? bytes.size - at : size;
        if (in_sample == 0)
            splitter_begin_sample(&splitter, at / sample % 3 == 0);
        push(&splitter, slice_of(bytes.data + at, size), &sum);
        assert(at + size - sum.bytes <= SPLIT_HELD_MAX);
        at += size;
    }
    add(&sum, pieces, splitter_finish(&splitter, pieces));
    end_piece(&sum);
    assert(sum.bytes == bytes.size);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const codecs[] = {"h264", "hevc", "vvc", "aac"};
    if (size < 3)
        return 0;
    struct media_track track = {
        .framing = (enum media_framing)(data[0] % (MEDIA_PCM + 1)),
        .nal_length_size = data[0] / 64 + 1,
    };
    (void)snprintf(track.codec, sizeof(track.codec), "%s",
                   codecs[data[0] / 8 % 4]);
    size_t sample = 1 + (size_t)data[1] * data[1];
    struct slice bytes = slice_of(data + 3, size - 3);
    struct sum whole = split(&track, bytes, sample, SIZE_MAX);
    struct sum parts = split(&track, bytes, sample, 1 + data[2] % 32);
    assert(whole.hash == parts.hash);
    return 0;
}
