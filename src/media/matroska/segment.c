#include "media/matroska/segment.h"

#include "media/limits.h"
#include "media/matroska/ids.h"

static bool is_header(uint32_t id)
{
    return id == ID_INFO || id == ID_TRACKS || id == ID_CHAPTERS ||
           id == ID_TAGS || id == ID_ATTACHMENTS || id == ID_SEEK_HEAD;
}

static void keep(struct segment_headers *headers,
                 const struct ebml_element *element)
{
    for (unsigned i = 0; i < headers->count; i++)
        if (headers->list[i].offset == element->offset)
            return;
    if (headers->count < SEGMENT_MAX_HEADERS)
        headers->list[headers->count++] = *element;
}

/* The end of the EBML header, which `open` has seen, and of what may follow. */
static dits_error *find_segment(struct media_file *file, bool *out_found)
{
    struct matroska *matroska = matroska_of(file);
    struct ebml_list list = {&matroska->window, 0, file->source->size};
    struct ebml_element element = {0};
    unsigned steps = 0;
    bool found = false;
    *out_found = false;
    TRY(ebml_next(&list, &element, &found));
    while (found && !*out_found && steps++ < SEGMENT_MAX_HEADERS) {
        *out_found = element.id == ID_SEGMENT;
        if (*out_found)
            matroska->segment = element.body;
        else
            TRY(ebml_next(&list, &element, &found));
    }
    return NULL;
}

/* One Seek: id and place of a header, which is believed when it is there. */
static dits_error *follow(struct media_file *file,
                          const struct ebml_element *seek,
                          struct segment_headers *out)
{
    struct matroska *matroska = matroska_of(file);
    struct ebml_list list = ebml_children(&matroska->window, seek);
    struct ebml_element child = {0};
    uint64_t id = 0;
    uint64_t position = UINT64_MAX;
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_SEEK_ID)
            TRY(ebml_uint(&matroska->window, &child, &id));
        else if (child.id == ID_SEEK_POSITION)
            TRY(ebml_uint(&matroska->window, &child, &position));
        TRY(ebml_next(&list, &child, &found));
    }
    if (id > UINT32_MAX || !is_header((uint32_t)id) ||
        position >= file->source->size - matroska->segment)
        return NULL;
    TRY(ebml_element_at(&matroska->window, matroska->segment + position,
                        file->source->size, &child, &found));
    if (found && child.id == id && !child.is_unknown)
        keep(out, &child);
    else
        matroska_problem(file, seek->offset, "Segment/SeekHead/Seek",
                         "nothing of that kind is there");
    return NULL;
}

/* SeekHeads that SeekHeads name are at the end of the list, and come too. */
static dits_error *follow_all(struct media_file *file,
                              struct segment_headers *out)
{
    struct matroska *matroska = matroska_of(file);
    for (unsigned i = 0; i < out->count; i++) {
        struct ebml_list list = ebml_children(&matroska->window, &out->list[i]);
        struct ebml_element child = {0};
        bool found = false;
        if (out->list[i].id != ID_SEEK_HEAD)
            continue;
        TRY(ebml_next(&list, &child, &found));
        while (found && out->count < SEGMENT_MAX_HEADERS) {
            if (child.id == ID_SEEK)
                TRY(follow(file, &child, out));
            TRY(ebml_next(&list, &child, &found));
        }
    }
    return NULL;
}

/* What stands before the first cluster, or, from `at`, between clusters. */
static dits_error *scan(struct media_file *file, uint64_t at, bool to_cluster,
                        struct segment_headers *out)
{
    struct matroska *matroska = matroska_of(file);
    struct ebml_list list = {&matroska->window, at, file->source->size};
    struct ebml_element element = {0};
    unsigned steps = 0;
    bool found = false;
    TRY(ebml_next(&list, &element, &found));
    while (found && steps++ < LIMIT_HEADER_STEPS) {
        bool is_cluster = element.id == ID_CLUSTER;
        if (is_cluster && matroska->first_cluster == 0)
            matroska->first_cluster = element.offset;
        if (is_header(element.id) && !element.is_unknown)
            keep(out, &element);
        if (is_header(element.id) && element.is_cut)
            matroska_problem(file, element.offset, "Segment",
                             "a header is cut off");
        if (is_cluster && to_cluster)
            return NULL;
        if (is_cluster && element.is_unknown)
            list.at = element.body; /* its children, then what follows them */
        TRY(ebml_next(&list, &element, &found));
    }
    return NULL;
}

dits_error *segment_find(struct media_file *file, struct segment_headers *out)
{
    struct matroska *matroska = matroska_of(file);
    bool found = false;
    TRY(find_segment(file, &found));
    if (!found) {
        matroska->segment = file->source->size;
        matroska_problem(file, 0, "Segment", "there is no segment");
        return NULL;
    }
    TRY(scan(file, matroska->segment, true, out));
    TRY(follow_all(file, out));
    if (matroska->first_cluster != 0)
        TRY(scan(file, matroska->first_cluster, false, out));
    return NULL;
}
