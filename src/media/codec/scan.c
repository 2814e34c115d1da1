#include "media/codec/scan.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/codec/nal.h"
#include "media/window.h"

enum { CHAIN_MIN = 8, LENGTH_SIZE = 4, UNIT_MAX = 64 << 20 };

/* As much of a unit as classifying takes. */
enum { HEAD_MAX = 1024 };

struct scan {
    struct window window;
    struct window ahead; /* where chains are followed to */
    uint64_t at, end;
    uint64_t budget;
    struct media_track track;
    enum nal_codec codec;
    struct buf head; /* the units of a picture so far, as a small sample */
    uint64_t picture_at;
    scan_fn *fn;
    void *payload;
};

static void scan_release(struct scan *scan)
{
    window_release(&scan->window);
    window_release(&scan->ahead);
    buf_release(&scan->head);
}

static void spend(struct scan *scan, uint64_t bytes)
{
    scan->budget -= bytes < scan->budget ? bytes : scan->budget;
}

/* What has to be read for it is paid for. */
static dits_error *peek_in(struct scan *scan, struct window *window,
                           uint64_t at, size_t size, struct slice *out)
{
    uint64_t left = at < scan->end ? scan->end - at : 0;
    uint64_t offset = window->offset;
    size_t kept = window->kept.size;
    TRY(window_peek(window, at, left < size ? (size_t)left : size, out));
    if (window->offset != offset || window->kept.size != kept)
        spend(scan, window->kept.size);
    return NULL;
}

static dits_error *peek(struct scan *scan, uint64_t at, size_t size,
                        struct slice *out)
{
    return peek_in(scan, &scan->window, at, size, out);
}

/* --- is this a unit? --- */

/* Types that the standards define, and headers as encoders write them. */
static bool is_plausible(enum nal_codec codec, const uint8_t *header)
{
    unsigned type = nal_type(codec, header);
    if (nal_is_forbidden(codec, header))
        return false;
    if (codec == NAL_AVC)
        return (type >= 1 && type <= 15) || (type >= 19 && type <= 21);
    bool is_known = type <= 9 || (type >= 16 && type <= 21) ||
                    (type >= 32 && type <= 40) || type >= 62;
    return is_known && nal_layer(codec, header) == 0 && (header[1] & 7) >= 1 &&
           (header[1] & 7) <= 7;
}

/* The size of the unit with its length at `at`; 0: that is none. */
static dits_error *measure(struct scan *scan, struct window *window,
                           enum nal_codec codec, uint64_t at, uint64_t *out)
{
    struct slice head = {0};
    *out = 0;
    TRY(peek_in(scan, window, at, LENGTH_SIZE + 2, &head));
    if (head.size < LENGTH_SIZE + 2)
        return NULL;
    uint64_t size = be32_load(head.data);
    if (size < 2 || size > UNIT_MAX || size > scan->end - at - LENGTH_SIZE ||
        !is_plausible(codec, head.data + LENGTH_SIZE))
        return NULL;
    *out = size + LENGTH_SIZE;
    return NULL;
}

/* Whether a chain of `count` units begins here, or one that ends the range. */
static dits_error *measure_chain(struct scan *scan, enum nal_codec codec,
                                 unsigned count, bool *out)
{
    uint64_t at = scan->at;
    *out = false;
    for (unsigned i = 0; i < count; i++) {
        uint64_t size = 0;
        if (i >= 2 && at == scan->end)
            break;
        TRY(measure(scan, i == 0 ? &scan->window : &scan->ahead, codec, at,
                    &size));
        if (size == 0)
            return NULL;
        at += size;
    }
    *out = true;
    return NULL;
}

/* --- pictures --- */

/* H.264 7.3.3: the first macroblock is 0; H.265 7.3.6.1: the first bit. */
static bool begins_picture(const struct scan *scan, struct slice unit)
{
    size_t header = nal_header_size(scan->codec);
    return unit.size > header && unit.data[header] >> 7 == 1;
}

static dits_error *give(struct scan *scan)
{
    struct scan_picture picture = {.offset = scan->picture_at};
    picture.sync =
        codec_sync_of(&scan->track, buf_slice(&scan->head), &picture.kind);
    buf_clear(&scan->head);
    return scan->fn(&picture, scan->payload);
}

static dits_error *keep_unit(struct scan *scan, struct slice unit, uint64_t at)
{
    uint8_t length[LENGTH_SIZE] = {0, 0, (uint8_t)(unit.size >> 8),
                                   (uint8_t)unit.size};
    if (scan->head.size == 0)
        scan->picture_at = at;
    if (scan->head.size > 4 * (size_t)CODEC_HEAD_BYTES)
        return NULL;
    TRY(buf_put(&scan->head, length, LENGTH_SIZE));
    return buf_put(&scan->head, unit.data, unit.size);
}

/* `unit` is the first bytes of one, whose length or start code is at `at`. */
static dits_error *take_unit(struct scan *scan, struct slice unit, uint64_t at)
{
    unsigned type = nal_type(scan->codec, unit.data);
    if (!nal_is_picture(scan->codec, type))
        return keep_unit(scan, unit, at);
    if (!begins_picture(scan, unit))
        return NULL;
    TRY(keep_unit(scan, unit, at));
    return give(scan);
}

/* --- units behind lengths --- */

static dits_error *step_chain(struct scan *scan, bool *out_goes_on)
{
    uint64_t size = 0;
    struct slice unit = {0};
    TRY(measure(scan, &scan->window, scan->codec, scan->at, &size));
    *out_goes_on = size > 0;
    if (size == 0)
        return NULL;
    size_t kept = size - LENGTH_SIZE < HEAD_MAX ? (size_t)size - LENGTH_SIZE
                                                : HEAD_MAX;
    TRY(peek(scan, scan->at + LENGTH_SIZE, kept, &unit));
    TRY(take_unit(scan, unit, scan->at));
    scan->at += size;
    return NULL;
}

static void set_codec(struct scan *scan, enum nal_codec codec)
{
    scan->codec = codec;
    (void)snprintf(scan->track.codec, sizeof(scan->track.codec), "%s",
                   codec == NAL_AVC ? "h264" : "hevc");
    scan->track.framing = MEDIA_NAL_LENGTH;
    scan->track.nal_length_size = LENGTH_SIZE;
}

/* On from here, the next place where a chain begins. */
static dits_error *find_chain(struct scan *scan, bool *out)
{
    static const enum nal_codec both[] = {NAL_AVC, NAL_HEVC};
    *out = false;
    for (; scan->at < scan->end && scan->budget > 0; scan->at++) {
        for (size_t i = 0; i < 2 && !*out; i++) {
            if (scan->codec != NAL_NONE && scan->codec != both[i])
                continue;
            TRY(measure_chain(scan, both[i],
                              scan->codec == NAL_NONE ? CHAIN_MIN : 3, out));
            if (*out)
                set_codec(scan, both[i]);
        }
        if (*out)
            return NULL;
        spend(scan, 1);
    }
    return NULL;
}

static dits_error *scan_lengths(struct scan *scan)
{
    bool found = true;
    for (;;) {
        TRY(find_chain(scan, &found));
        if (!found)
            return NULL;
        while (found && scan->budget > 0)
            TRY(step_chain(scan, &found));
    }
}

/* --- units behind start codes --- */

static dits_error *find_code(struct scan *scan, bool *out)
{
    struct slice bytes = {0};
    *out = false;
    while (scan->budget > 0) {
        TRY(peek(scan, scan->at, WINDOW_BYTES, &bytes));
        size_t at = nal_find_start_code(bytes);
        *out = at < bytes.size;
        size_t step = *out ? at : bytes.size > 3 ? bytes.size - 3 : 0;
        spend(scan, 1);
        scan->at += step;
        if (*out || step == 0)
            return NULL;
    }
    return NULL;
}

static dits_error *scan_start_codes(struct scan *scan)
{
    bool found = true;
    for (;;) {
        struct slice unit = {0};
        TRY(find_code(scan, &found));
        if (!found)
            return NULL;
        TRY(peek(scan, scan->at + 3, HEAD_MAX, &unit));
        unit.size = nal_find_start_code(unit);
        if (unit.size >= nal_header_size(scan->codec))
            TRY(take_unit(scan, unit, scan->at));
        scan->at += 3;
    }
}

/* Parameter sets come first in a byte stream. */
static enum nal_codec codec_of_stream(struct slice head)
{
    if (nal_find_start_code(head) > 1 || head.size < 8)
        return NAL_NONE;
    const uint8_t *unit = head.data + nal_find_start_code(head) + 3;
    if ((unit[0] == 0x40 || unit[0] == 0x46) && unit[1] == 1)
        return NAL_HEVC;
    unsigned type = unit[0] & 0x1f;
    return unit[0] >> 7 == 0 && (type == AVC_SPS || type == AVC_AUD) ? NAL_AVC
                                                                     : NAL_NONE;
}

dits_error *scan_bytes(struct source *source, struct scan_range range,
                       scan_fn *fn, void *payload, bool *out_is_complete)
{
    CLEANUP(scan_release)
    struct scan scan = {.window = {.source = source},
                        .ahead = {.source = source},
                        .at = range.offset,
                        .budget = range.budget,
                        .fn = fn,
                        .payload = payload};
    struct slice head = {0};
    uint64_t left = range.offset < source->size ? source->size - range.offset
                                                : 0;
    scan.end = range.offset + (range.size < left ? range.size : left);
    if (left == 0)
        scan.end = scan.at;
    TRY(peek(&scan, scan.at, HEAD_MAX, &head));
    enum nal_codec codec = codec_of_stream(head);
    if (codec == NAL_NONE) {
        TRY(scan_lengths(&scan));
    } else {
        set_codec(&scan, codec);
        TRY(scan_start_codes(&scan));
    }
    *out_is_complete = scan.budget > 0;
    return NULL;
}
