/* Sample entries of all handlers; the first byte chooses. */
#include <assert.h>

#include "media/isobmff/children.h"
#include "media/isobmff/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t handlers[] = {
        FOURCC('v', 'i', 'd', 'e'), FOURCC('s', 'o', 'u', 'n'),
        FOURCC('t', 'm', 'c', 'd'), FOURCC('t', 'e', 'x', 't'),
        FOURCC('m', 'e', 't', 'a'), 0,
    };
    if (size == 0)
        return 0;
    struct media_file file = {0};
    struct media_track track = {0};
    uint32_t handler = handlers[(data[0] & 7) % 6];
    dits_error_free(isobmff_describe_entry(&file, &track, handler, data[0] >> 7,
                                           slice_of(data + 1, size - 1)));
    assert(track.framing != MEDIA_NAL_LENGTH ||
           (track.nal_length_size >= 1 && track.nal_length_size <= 4));
    assert(track.framing != MEDIA_PCM ||
           (track.sample_bytes >= 1 && track.sample_bytes <= 8));
    buf_release(&track.config);
    facts_release(&track.facts);
    facts_release(&file.facts);
    return 0;
}
