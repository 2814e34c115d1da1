/* What bitstreams say: the first bytes choose codec, framing, configuration. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "media/codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const codecs[] = {
    "h264",  "hevc",   "vvc",   "av1",   "vp9",      "vp8",     "mpeg2video",
    "mpeg4", "prores", "dnxhd", "mjpeg", "jpeg2000", "dvvideo", "cfhd",
    "aac",   "ac3",    "eac3",  "ac4",   "dts",      "truehd",  "mp3",
    "opus",  "flac",   "alac",  "vorbis"};

static dits_error *count_message(const struct codec_message *message,
                                 void *payload)
{
    unsigned *sum = payload;
    for (size_t i = 0; i < message->body.size; i++)
        *sum += message->body.data[i];
    for (size_t i = 0; i < message->payload.size; i++)
        *sum += message->payload.data[i];
    return NULL;
}

static dits_error *read_all(struct media_track *track, struct slice config,
                            struct slice sample)
{
    enum codec_sync_class sync = CODEC_SYNC_UNKNOWN;
    unsigned sum = 0;
    if (config.size > 0)
        TRY(buf_put(&track->config, config.data, config.size));
    (void)codec_sync_of(track, sample, &sync);
    assert(codec_sync_class_name(sync) != NULL);
    TRY(codec_each_message(track, sample, count_message, &sum));
    TRY(codec_describe(track, sample));
    size_t count = track->facts.count;
    TRY(codec_describe(track, sample)); /* says nothing twice */
    assert(track->facts.count == count);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct media_track track = {.framing = (enum media_framing)(data[1] % 8),
                                .nal_length_size = data[1] / 64 + 1};
    size_t config = data[2];
    data += 3;
    size -= 3;
    config = config < size ? config : size;
    (void)snprintf(track.codec, sizeof(track.codec), "%s",
                   codecs[data[-3] % (sizeof(codecs) / sizeof(codecs[0]))]);
    dits_error *err = read_all(&track, slice_of(data, config),
                               slice_of(data + config, size - config));
    assert(err == NULL);
    buf_release(&track.config);
    facts_release(&track.facts);
    return 0;
}
