#include "media/mpegts/ts_state.h"

#include "base/mem.h"
#include "media/limits.h"

void ts_state_free(struct ts_state *state)
{
    if (state == NULL)
        return;
    for (size_t i = 0; i < state->program_count; i++) {
        buf_release(&state->programs[i].name);
        buf_release(&state->programs[i].provider);
    }
    mem_free(state->programs);
    mem_free(state);
}

dits_error *ts_state_add_track(struct media_file *file, uint16_t pid,
                               enum ts_form form, struct media_track **out)
{
    struct ts_state *state = file->state;
    *out = NULL;
    if (state->track_of[pid] != 0 || file->track_count >= LIMIT_TRACKS)
        return NULL;
    TRY(media_add_track(file, out));
    (*out)->id = pid;
    (*out)->time_base = (struct media_time_base){1, 90000};
    state->track_of[pid] = (uint16_t)file->track_count;
    state->form_of[pid] = (uint8_t)form;
    return NULL;
}
