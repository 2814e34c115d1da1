#include <string.h>

#include "base/mem.h"
#include "media/formats.h"
#include "media/limits.h"
#include "media/matroska/ids.h"
#include "media/matroska/info.h"
#include "media/matroska/segment.h"
#include "media/matroska/tracks.h"
#include "media/matroska/walk.h"

struct matroska *matroska_of(const struct media_file *file)
{
    return file->state;
}

void matroska_problem(struct media_file *file, uint64_t offset,
                      const char *where, const char *text)
{
    struct matroska *matroska = matroska_of(file);
    if (offset < matroska->reported)
        return;
    matroska->reported = offset + 1;
    media_add_problem(file, offset, where, "%s", text);
}

bool matroska_find_track(const struct matroska *matroska, uint64_t number,
                         uint32_t *out)
{
    for (size_t i = 0; i < matroska->track_count; i++) {
        if (matroska->tracks[i].number != number)
            continue;
        *out = (uint32_t)i;
        return true;
    }
    return false;
}

int64_t matroska_ticks(const struct matroska *matroska, uint64_t ns)
{
    uint64_t ticks = ns / matroska->scale;
    if (ns % matroska->scale >= (matroska->scale + 1) / 2)
        ticks++;
    return ticks > INT64_MAX / 4 ? 0 : (int64_t)ticks;
}

static bool probe(struct slice head, uint64_t file_size)
{
    static const uint8_t magic[4] = {0x1a, 0x45, 0xdf, 0xa3};
    (void)file_size;
    return head.size >= sizeof(magic) &&
           memcmp(head.data, magic, sizeof(magic)) == 0;
}

/* The kind of document: "matroska" or "webm". */
static dits_error *read_doc_type(struct media_file *file)
{
    CLEANUP(buf_release) struct buf type = {0};
    struct matroska *matroska = matroska_of(file);
    struct ebml_element header = {0};
    struct ebml_element child = {0};
    bool found = false;
    TRY(ebml_element_at(&matroska->window, 0, file->source->size, &header,
                        &found));
    if (!found || header.id != ID_EBML)
        return error_new(DITS_E_UNSUPPORTED, "not an EBML file");
    struct ebml_list list = ebml_children(&matroska->window, &header);
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_DOC_TYPE)
            TRY(ebml_bytes(&matroska->window, &child, &type));
        TRY(ebml_next(&list, &child, &found));
    }
    bool is_webm = strcmp(buf_text(&type), "webm") == 0;
    if (!is_webm && strcmp(buf_text(&type), "matroska") != 0)
        matroska_problem(file, 0, "EBML/DocType", "an unknown kind of file");
    memcpy(file->container, is_webm ? "webm" : "matroska",
           is_webm ? sizeof("webm") : sizeof("matroska"));
    return NULL;
}

/* What is read of each header, in the order in which one needs another. */
static const struct {
    uint32_t id;
    dits_error *(*read)(struct media_file *file,
                        const struct ebml_element *element);
} readers[] = {
    {ID_INFO, info_read},         {ID_TRACKS, tracks_read},
    {ID_CHAPTERS, chapters_read}, {ID_ATTACHMENTS, attachments_read},
    {ID_TAGS, tags_read},
};

static dits_error *read_headers(struct media_file *file,
                                const struct segment_headers *headers)
{
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        bool is_single = readers[i].id == ID_INFO || readers[i].id == ID_TRACKS;
        unsigned met = 0;
        for (unsigned k = 0; k < headers->count; k++) {
            const struct ebml_element *element = &headers->list[k];
            if (element->id != readers[i].id || (is_single && met > 0))
                continue; /* writers repeat these as they are */
            TRY(readers[i].read(file, element));
            met++;
        }
    }
    return NULL;
}

static void set_time_bases(struct media_file *file)
{
    uint64_t a = matroska_of(file)->scale;
    uint64_t b = 1000000000;
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    for (size_t i = 0; i < file->track_count; i++)
        file->tracks[i].time_base = (struct media_time_base){
            .num = (uint32_t)(matroska_of(file)->scale / a),
            .den = (uint32_t)(1000000000 / a),
        };
}

static dits_error *open(struct media_file *file)
{
    struct segment_headers headers = {0};
    struct matroska *matroska = mem_new(struct matroska);
    if (matroska == NULL)
        return error_nomem();
    file->state = matroska;
    matroska->window.source = file->source;
    matroska->scale = 1000000;
    TRY(read_doc_type(file));
    TRY(segment_find(file, &headers));
    TRY(read_headers(file, &headers));
    set_time_bases(file);
    matroska->reported = 0;
    if (file->track_count == 0)
        media_add_problem(file, matroska->segment, "Segment/Tracks",
                          "there are no tracks");
    else
        TRY(matroska_measure(file));
    return NULL;
}

static void close(struct media_file *file)
{
    struct matroska *matroska = matroska_of(file);
    window_release(&matroska->window);
    mem_free(matroska->tracks);
    mem_free(matroska);
}

const struct media_format media_format_matroska = {
    .name = "matroska",
    .probe = probe,
    .open = open,
    .close = close,
    .spans = matroska_spans,
    .next_span = matroska_next_span,
    .samples = matroska_samples,
    .next_sample = matroska_next_sample,
    .end_walk = matroska_end_walk,
    .tree = matroska_tree,
};
