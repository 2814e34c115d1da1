#include "media/isobmff/describe.h"

dits_error *isobmff_describe_box(struct media_file *file,
                                 struct media_track *track, uint32_t type,
                                 struct slice payload)
{
    (void)file;
    (void)track;
    (void)type;
    (void)payload;
    return NULL;
}
