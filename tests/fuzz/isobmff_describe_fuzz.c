/* Boxes of metadata, of the file and of a track. */
#include "media/isobmff/children.h"
#include "media/isobmff/describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct media_file file = {0};
    struct media_track track = {0};
    struct children children = children_of(slice_of(data, size));
    struct child child = {0};
    while (children_next(&children, &child)) {
        struct slice payload = child.payload;
        if (child.uuid != NULL) /* the extended type belongs to the payload */
            payload = slice_of(child.uuid, payload.size + 16);
        dits_error_free(
            isobmff_describe_box(&file, &track, child.type, payload));
        dits_error_free(isobmff_describe_box(&file, NULL, child.type, payload));
    }
    facts_release(&track.facts);
    facts_release(&file.facts);
    return 0;
}
