#include "media/riff/avi.h"

#include <string.h>

#include "base/be.h"
#include "base/mem.h"
#include "media/formats.h"
#include "media/limits.h"
#include "media/riff/wav_facts.h"

enum { RIFF_BYTES = 12 };

/* Steps from chunk to chunk read little of each. */
enum { STEP_BYTES = 16384 };

struct avi *avi_of(const struct media_file *file)
{
    return file->state;
}

static bool probe(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return head.size >= RIFF_BYTES && memcmp(head.data, "RIFF", 4) == 0 &&
           memcmp(head.data + 8, "AVI", 3) == 0;
}

bool avi_stream_of(const struct avi *avi, const char *name, uint32_t *out)
{
    static const char *const kinds[] = {"db", "dc", "wb", "tx", "pc", "iv"};
    if (name[0] < '0' || name[0] > '9' || name[1] < '0' || name[1] > '9')
        return false;
    *out = (uint32_t)(10 * (name[0] - '0') + name[1] - '0');
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(name + 2, kinds[i]) == 0)
            return *out < avi->stream_count && strcmp(kinds[i], "pc") != 0;
    return false;
}

/* A step through lists and chunks, in file order, entering what holds some. */
struct media_walk {
    struct media_file *file;
    struct window window;
    struct avi_sync sync;
    uint64_t at;
    bool is_of_one;
    uint32_t track;
    uint64_t number;
    uint64_t bytes; /* of the one track, so far */
};

/* Whether chunks are inside: then it is entered, and its end not kept. */
static dits_error *is_list(struct window *window, const struct chunk *chunk,
                           bool *out_yes)
{
    struct slice kind = {0};
    *out_yes = false;
    if (!chunk_is(chunk, "RIFF") && !chunk_is(chunk, "LIST"))
        return NULL;
    TRY(window_peek(window, chunk->body, 4, &kind));
    *out_yes = kind.size == 4 && (memcmp(kind.data, "AVI", 3) == 0 ||
                                  memcmp(kind.data, "movi", 4) == 0 ||
                                  memcmp(kind.data, "rec ", 4) == 0);
    return NULL;
}

/* The next chunk that holds a sample. */
static dits_error *next_chunk(struct media_walk *walk, struct chunk *out,
                              uint32_t *out_stream, bool *out_found)
{
    uint64_t end = walk->file->source->size;
    struct chunks chunks = {&walk->window, CHUNK_RIFF, walk->at, end};
    bool found = true;
    *out_found = false;
    while (!*out_found && found) {
        bool enters = false;
        TRY(chunks_next(&chunks, out, &found));
        if (!found)
            break;
        TRY(is_list(&walk->window, out, &enters));
        if (enters)
            chunks.at = out->body + 4;
        *out_found = !enters &&
                     avi_stream_of(avi_of(walk->file), out->name, out_stream);
    }
    walk->at = *out_found ? out->next : end;
    return NULL;
}

static dits_error *spans(struct media_file *file, struct media_walk **out)
{
    struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    walk->file = file;
    walk->window.source = file->source;
    walk->window.step = STEP_BYTES;
    walk->sync = avi_sync_of(file);
    *out = walk;
    return NULL;
}

static void end_walk(struct media_walk *walk)
{
    if (walk == NULL)
        return;
    window_release(&walk->window);
    avi_sync_release(&walk->sync);
    mem_free(walk);
}

static dits_error *find_sync(struct media_walk *walk, uint32_t stream,
                             const struct chunk *chunk, bool *out_sync)
{
    TRY(avi_sync_find(&walk->sync, stream, chunk, out_sync));
    if (walk->file->tracks[stream].intra_only)
        *out_sync = true;
    return NULL;
}

static dits_error *next_span(struct media_walk *walk, struct media_span *out,
                             bool *out_found)
{
    struct chunk chunk = {0};
    uint32_t stream = 0;
    bool is_sync = false;
    do
        TRY(next_chunk(walk, &chunk, &stream, out_found));
    while (*out_found && chunk.end == chunk.body);
    if (!*out_found)
        return NULL;
    TRY(find_sync(walk, stream, &chunk, &is_sync));
    *out = (struct media_span){
        .offset = chunk.body,
        .size = chunk.end - chunk.body,
        .track = stream,
        .flags = (uint8_t)(MEDIA_SPAN_SAMPLE | (is_sync ? MEDIA_SPAN_SYNC : 0)),
    };
    return NULL;
}

static dits_error *samples(struct media_file *file, uint32_t track,
                           struct media_walk **out)
{
    TRY(spans(file, out));
    (*out)->is_of_one = true;
    (*out)->track = track;
    return NULL;
}

/* Chunks are counted, or, of sound of one size, its blocks. */
static dits_error *next_sample(struct media_walk *walk,
                               struct media_sample *out, bool *out_found)
{
    struct chunk chunk = {0};
    uint32_t stream = 0;
    bool is_sync = false;
    uint64_t each = avi_of(walk->file)->streams[walk->track].sample_size;
    do
        TRY(next_chunk(walk, &chunk, &stream, out_found));
    while (*out_found && stream != walk->track);
    if (!*out_found)
        return NULL;
    TRY(find_sync(walk, stream, &chunk, &is_sync));
    uint64_t size = chunk.end - chunk.body;
    uint64_t time = each == 0 ? walk->number : walk->bytes / each;
    *out = (struct media_sample){
        .number = walk->number++,
        .offset = chunk.body,
        .size = (uint32_t)size, /* the file says it in 32 bits */
        .sync = is_sync ? MEDIA_SYNC_YES : MEDIA_SYNC_NO,
        .dts = (int64_t)time,
        .pts = (int64_t)time,
        .duration = each == 0 ? 1 : (int64_t)(size / each),
    };
    walk->bytes += size;
    return NULL;
}

static void close(struct media_file *file)
{
    window_release(&avi_of(file)->window);
    mem_free(file->state);
}

/* The lists of the file: header, information, samples. */
static dits_error *read_list(struct media_file *file, const struct chunk *list)
{
    struct avi *avi = avi_of(file);
    struct slice kind = {0};
    TRY(window_peek(&avi->window, list->body, 4, &kind));
    if (kind.size < 4 || list->end - list->body < 4)
        return NULL;
    if (memcmp(kind.data, "hdrl", 4) == 0 && file->track_count == 0)
        return avi_header_read(file, list);
    if (memcmp(kind.data, "INFO", 4) == 0)
        return wav_facts_info(file, &avi->window, list);
    if (memcmp(kind.data, "movi", 4) == 0 && avi->movi == 0)
        avi->movi = list->body;
    if (memcmp(kind.data, "movi", 4) == 0 && list->is_cut)
        media_add_problem(file, list->offset, "movi",
                          "the samples are cut off");
    return NULL;
}

static dits_error *read_chunk(struct media_file *file,
                              const struct chunk *chunk)
{
    struct avi *avi = avi_of(file);
    if (chunk_is(chunk, "LIST"))
        return read_list(file, chunk);
    if (chunk_is(chunk, "idx1") && avi->index == 0) {
        avi->index = chunk->body;
        avi->index_end = chunk->end;
    }
    if (chunk_is(chunk, "_PMX"))
        return chunk_text(&avi->window, chunk, &file->facts, "xmp");
    return NULL;
}

/*
 * Writers that turn lengths into start codes leave the record of lengths in the
 * header: what the first sample begins with decides.
 */
static dits_error *settle_framing(struct window *window,
                                  const struct chunk *chunk,
                                  struct media_track *track)
{
    struct slice head = {0};
    bool has_units = strcmp(track->codec, "h264") == 0 ||
                     strcmp(track->codec, "hevc") == 0;
    if (!has_units || track->sample_count > 0)
        return NULL;
    TRY(window_peek(window, chunk->body, 4, &head));
    if (head.size == 4 &&
        be32_load(head.data) >> (head.data[2] == 1 ? 8 : 0) == 1)
        track->framing = MEDIA_NAL_START_CODE;
    return NULL;
}

/* How many samples there are, as far as LIMIT_OPEN_BLOCKS reaches. */
static dits_error *measure(struct media_file *file)
{
    struct media_walk walk = {
        .file = file,
        .window = {.source = file->source, .step = STEP_BYTES},
    };
    struct chunk chunk = {0};
    uint32_t stream = 0;
    unsigned count = 0;
    bool found = false;
    dits_error *err = next_chunk(&walk, &chunk, &stream, &found);
    while (err == NULL && found && count++ < LIMIT_OPEN_BLOCKS) {
        err = settle_framing(&avi_of(file)->window, &chunk,
                             &file->tracks[stream]);
        file->tracks[stream].sample_count++;
        if (err == NULL)
            err = next_chunk(&walk, &chunk, &stream, &found);
    }
    window_release(&walk.window);
    for (size_t i = 0; found && i < file->track_count; i++)
        file->tracks[i].sample_count = 0;
    return err;
}

static dits_error *open(struct media_file *file)
{
    struct slice head = {0};
    struct chunk chunk = {0};
    unsigned count = 0;
    bool found = false;
    struct avi *avi = mem_new(struct avi);
    if (avi == NULL)
        return error_nomem();
    file->state = avi;
    avi->window.source = file->source;
    TRY(window_peek(&avi->window, 0, RIFF_BYTES, &head));
    if (!probe(head, file->source->size))
        return error_new(DITS_E_UNSUPPORTED, "not an AVI file");
    memcpy(file->container, "avi", sizeof("avi"));
    struct chunks chunks = {&avi->window, CHUNK_RIFF, RIFF_BYTES,
                            file->source->size};
    TRY(chunks_next(&chunks, &chunk, &found));
    while (found && count++ < LIMIT_HEADER_STEPS) {
        TRY(read_chunk(file, &chunk));
        TRY(chunks_next(&chunks, &chunk, &found));
    }
    return measure(file);
}

static bool enters(const struct chunk *chunk, unsigned *out_skip)
{
    *out_skip = 4;
    return chunk_is(chunk, "RIFF") || chunk_is(chunk, "LIST");
}

static dits_error *tree(struct media_file *file, media_node_fn *fn,
                        void *payload)
{
    return chunks_tree(file, CHUNK_RIFF, enters, fn, payload);
}

const struct media_format media_format_avi = {
    .name = "avi",
    .is_indexed = true,
    .probe = probe,
    .open = open,
    .close = close,
    .spans = spans,
    .next_span = next_span,
    .samples = samples,
    .next_sample = next_sample,
    .end_walk = end_walk,
    .tree = tree,
};
