#include "media/mxf/mxf_state.h"

#include "base/mem.h"
#include "media/limits.h"

void mxf_state_free(struct mxf_state *state)
{
    if (state == NULL)
        return;
    mxf_partitions_release(&state->partitions);
    mxf_index_release(&state->index);
    mem_free(state->essences);
    mem_free(state);
}

dits_error *mxf_state_add_track(struct media_file *file,
                                struct media_track **out,
                                struct mxf_essence **out_essence)
{
    struct mxf_state *state = file->state;
    size_t count = state->essence_count;
    *out = NULL;
    *out_essence = NULL;
    if (file->track_count >= LIMIT_TRACKS)
        return NULL;
    struct mxf_essence *list =
        mem_resize(state->essences, count, count + 1, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    state->essences = list;
    TRY(media_add_track(file, out));
    state->essence_count = count + 1;
    list[count].units = 1;
    list[count].tick_num = 1;
    list[count].tick_den = 1;
    *out_essence = &list[count];
    return NULL;
}
