/*
 * Files made of fragments: reading is bounded, the same in any order, and what
 * was made is a file with just these fragments.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "media/isobmff/fragment_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 3, MAX_SIZE = 1 << 20 };

struct memory {
    struct source source;
    const uint8_t *bytes;
};

static dits_error *read_memory(struct source *self, uint64_t offset,
                               size_t size, void *out)
{
    const struct memory *memory = (const struct memory *)self;
    assert(offset <= self->size && size <= self->size - offset);
    if (size > 0)
        memcpy(out, memory->bytes + offset, size);
    return NULL;
}

/* In pieces of 1 to 32 bytes, from the last to the first. */
static dits_error *read_backwards(struct fragment_file *file, uint8_t seed,
                                  uint8_t *out)
{
    size_t at = (size_t)file->size;
    while (at > 0) {
        size_t piece = 1 + seed % 32u;
        piece = piece < at ? piece : at;
        at -= piece;
        seed = (uint8_t)(seed * 5 + 1);
        TRY(fragment_file_read(file, at, piece, out + at));
    }
    return NULL;
}

static dits_error *check_made(const struct fragment_file *file,
                              const uint8_t *bytes)
{
    CLEANUP(fragment_index_release) struct fragment_index made = {0};
    struct memory memory = {{file->size, read_memory}, bytes};
    TRY(fragment_index_build(&memory.source, &made));
    assert(made.count == file->range.last - file->range.first);
    assert(made.movie.track_count == file->index->movie.track_count);
    for (size_t i = 0; i < made.part_count; i++) {
        const struct indexed_part *old =
            &file->index->parts[file->index->list[file->range.first].part + i];
        const struct indexed_part *new = &made.parts[i];
        assert(old->track == new->track && old->samples == new->samples);
        if (file->fragments_end > 0)
            assert(new->time == old->time - file->shifts[old->track]);
    }
    /* What the clip has between its media data may come along, and be wrong. */
    if (file->fragments_end > 0 && file->index->sidx.boxes == 0)
        assert(made.sidx.wrong == 0);
    if (file->fragments_end > 0 && file->index->tfra.boxes == 0)
        assert(made.tfra.wrong == 0);
    return NULL;
}

static void bytes_freep(uint8_t **bytes)
{
    mem_free(*bytes);
}

static dits_error *read_all(const uint8_t *data, size_t size)
{
    CLEANUP(fragment_index_release) struct fragment_index index = {0};
    CLEANUP(fragment_file_release) struct fragment_file file = {0};
    CLEANUP(bytes_freep) uint8_t *forwards = NULL;
    CLEANUP(bytes_freep) uint8_t *backwards = NULL;
    struct memory memory = {{size - HEAD, read_memory}, data + HEAD};
    struct fragment_file_options options = {
        .keep_times = (data[2] & 1) != 0,
        .keep_numbers = (data[2] & 2) != 0,
        .no_tables = (data[2] & 4) != 0,
    };
    TRY(fragment_index_build(&memory.source, &index));
    size_t first = data[0] % index.count;
    size_t last = first + 1 + data[1] % (index.count - first);
    TRY(fragment_file_open(&memory.source, &index, first, last, &options,
                           &file));
    if (file.size > MAX_SIZE)
        return NULL;
    forwards = mem_new_array(uint8_t, (size_t)file.size);
    backwards = mem_new_array(uint8_t, (size_t)file.size);
    assert(forwards != NULL && backwards != NULL);
    TRY(fragment_file_read(&file, 0, (size_t)file.size, forwards));
    dits_error *err = read_backwards(&file, data[1], backwards);
    assert(err == NULL);
    assert(memcmp(forwards, backwards, (size_t)file.size) == 0);
    err = check_made(&file, forwards);
    assert(err == NULL);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > HEAD)
        dits_error_free(read_all(data, size));
    return 0;
}
