#include "media/mpegts/ts_tree.h"

#include <stdio.h>

#include "media/limits.h"
#include "media/mpegts/ts_state.h"

/* Packets of one PID, side by side; or bytes that are no packets. */
struct run {
    uint64_t offset;
    uint64_t end;
    uint16_t pid;
    bool is_garbage;
};

static void reader_releasep(struct ts_reader *reader)
{
    ts_reader_release(reader);
}

static void put_name(char *text, size_t size, const struct run *run,
                     const struct media_file *file)
{
    const struct ts_state *state = file->state;
    size_t track = state->track_of[run->pid];
    const char *codec = track > 0 ? file->tracks[track - 1].codec : "";
    if (run->is_garbage)
        (void)snprintf(text, size, "no packet");
    else if (run->pid == 0)
        (void)snprintf(text, size, "PAT");
    else if (run->pid == TS_PID_NULL)
        (void)snprintf(text, size, "null");
    else
        (void)snprintf(text, size, "0x%04x%s%s", run->pid,
                       codec[0] == '\0' ? "" : " ", codec);
}

static dits_error *emit(const struct run *run, const struct media_file *file,
                        media_node_fn *fn, void *payload)
{
    const struct ts_state *state = file->state;
    char name[40] = "";
    if (run->end == run->offset)
        return NULL;
    put_name(name, sizeof(name), run, file);
    struct media_node node = {
        .name = name,
        .offset = run->offset,
        .size = run->end - run->offset,
        .header_size = run->is_garbage ? 0 : state->grid.lead + 4,
        .is_damaged = run->is_garbage,
    };
    return fn(&node, payload);
}

dits_error *ts_tree_walk(struct media_file *file, media_node_fn *fn,
                         void *payload)
{
    const struct ts_state *state = file->state;
    CLEANUP(reader_releasep) struct ts_reader reader = {0};
    struct run run = {0};
    uint64_t size = file->source->size;
    bool found = true;
    ts_reader_init(&reader, file->source, state->grid);
    for (uint32_t i = 0; i < LIMIT_NODES && found; i++) {
        struct ts_packet packet = {0};
        TRY(ts_reader_next(&reader, &packet, &found));
        uint64_t next = found ? packet.offset : size;
        uint64_t end =
            size - next < state->grid.stride ? size : next + state->grid.stride;
        if (found && next == run.end && run.end > 0 && packet.pid == run.pid) {
            run.end = end;
            continue;
        }
        TRY(emit(&run, file, fn, payload));
        struct run gap = {run.end, next, 0, true};
        TRY(emit(&gap, file, fn, payload));
        run = (struct run){next, found ? end : next, packet.pid, false};
    }
    return NULL;
}
