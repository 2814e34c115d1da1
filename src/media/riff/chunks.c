#include "media/riff/chunks.h"

#include <string.h>

#include "base/be.h"
#include "base/le.h"
#include "media/limits.h"

enum { PLAIN_BYTES = 8, GUID_BYTES = 16, WAVE64_BYTES = 24 };

static uint64_t size_of(const uint8_t *head, enum chunk_style style)
{
    if (style == CHUNK_IFF)
        return be32_load(head + 4);
    if (style == CHUNK_RIFF)
        return le32_load(head + 4);
    uint64_t size = le64_load(head + GUID_BYTES);
    return size < WAVE64_BYTES ? 0 : size - WAVE64_BYTES;
}

dits_error *chunks_next(struct chunks *chunks, struct chunk *out,
                        bool *out_found)
{
    bool is_wave64 = chunks->style == CHUNK_WAVE64;
    size_t header = is_wave64 ? WAVE64_BYTES : PLAIN_BYTES;
    uint64_t align = is_wave64 ? 8 : 2;
    struct slice head = {0};
    *out_found = false;
    if (chunks->at >= chunks->end || chunks->end - chunks->at < header)
        return NULL;
    TRY(window_peek(chunks->window, chunks->at, header, &head));
    if (head.size < header)
        return NULL;
    *out = (struct chunk){.offset = chunks->at, .body = chunks->at + header};
    for (size_t i = 0; i < 4; i++) {
        uint8_t letter = head.data[i];
        out->name[i] = (char)(letter >= ' ' && letter <= '~' ? letter : '?');
    }
    uint64_t size = size_of(head.data, chunks->style);
    uint64_t left = chunks->end - out->body;
    out->is_cut = size > left;
    out->end = out->is_cut ? chunks->end : out->body + size;
    uint64_t padding = (align - size % align) % align;
    out->next = padding > chunks->end - out->end ? chunks->end
                                                 : out->end + padding;
    chunks->at = out->next;
    *out_found = true;
    return NULL;
}

bool chunk_is(const struct chunk *chunk, const char *name)
{
    return strcmp(chunk->name, name) == 0;
}

static dits_error *show(const struct chunk *chunk, unsigned depth,
                        media_node_fn *fn, void *payload)
{
    struct media_node node = {
        .name = chunk->name,
        .offset = chunk->offset,
        .size = chunk->end - chunk->offset,
        .header_size = (uint32_t)(chunk->body - chunk->offset),
        .depth = depth,
        .is_damaged = chunk->is_cut,
    };
    return fn(&node, payload);
}

dits_error *chunks_tree(struct media_file *file, enum chunk_style style,
                        chunk_enters_fn *enters, media_node_fn *fn,
                        void *payload)
{
    CLEANUP(window_release) struct window window = {.source = file->source};
    struct chunks stack[LIMIT_DEPTH] = {
        {&window, style, 0, file->source->size}};
    unsigned depth = 1;
    uint64_t count = 0;
    while (depth > 0 && count++ < LIMIT_NODES) {
        struct chunk chunk = {0};
        unsigned skip = 0;
        bool found = false;
        TRY(chunks_next(&stack[depth - 1], &chunk, &found));
        if (!found) {
            depth--;
            continue;
        }
        TRY(show(&chunk, depth - 1, fn, payload));
        if (enters(&chunk, &skip) && depth < LIMIT_DEPTH &&
            chunk.end - chunk.body >= skip)
            stack[depth++] =
                (struct chunks){&window, style, chunk.body + skip, chunk.end};
    }
    return NULL;
}

dits_error *chunk_text(struct window *window, const struct chunk *chunk,
                       struct media_facts *facts, const char *name)
{
    CLEANUP(buf_release) struct buf text = {0};
    uint64_t size = chunk->end - chunk->body;
    TRY(window_load(window, chunk->body, size < LIMIT_TEXT ? size : LIMIT_TEXT,
                    &text));
    while (text.size > 0 &&
           (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == 0))
        text.size--;
    return text.size == 0 ? NULL
                          : facts_add_text(facts, name, buf_slice(&text));
}
