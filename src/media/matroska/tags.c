#include <assert.h>
#include <string.h>

#include "media/matroska/ids.h"
#include "media/matroska/info.h"
#include "media/matroska/values.h"

/* Tags hold tags. */
enum { TAG_DEPTH = 8, NAME_BYTES = 128 };

/* Where the tags of one Tag belong; NULL: to a chapter or an attachment. */
static dits_error *target_of(struct media_file *file,
                             const struct ebml_element *targets,
                             struct media_facts **out)
{
    struct matroska *matroska = matroska_of(file);
    struct ebml_list list = ebml_children(&matroska->window, targets);
    struct ebml_element child = {0};
    uint64_t uid = 0;
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        bool is_track = child.id == ID_TAG_TRACK_UID;
        bool is_other = child.id == ID_TAG_CHAPTER_UID ||
                        child.id == ID_TAG_ATTACHMENT_UID ||
                        child.id == ID_TAG_EDITION_UID;
        if (is_track || is_other)
            TRY(ebml_uint(&matroska->window, &child, &uid));
        if ((is_track || is_other) && uid != 0)
            *out = NULL;
        for (size_t i = 0; is_track && i < matroska->track_count; i++)
            if (uid != 0 && matroska->tracks[i].uid == uid)
                *out = &file->tracks[i].facts;
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}

/* Name and value of a SimpleTag. "und" and the like say no language. */
struct simple_tag {
    struct ebml_element name;
    struct ebml_element value;
};

static dits_error *tag_parts(struct window *window,
                             const struct ebml_element *tag,
                             struct simple_tag *out)
{
    struct ebml_list list = ebml_children(window, tag);
    struct ebml_element child = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_TAG_NAME)
            out->name = child;
        else if (child.id == ID_TAG_STRING)
            out->value = child;
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}

/* "tag.NAME", and "tag.NAME/INNER" for what is inside of it. */
static dits_error *tag_name(struct window *window, const struct simple_tag *tag,
                            const char *outer, struct buf *out)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(ebml_bytes(window, &tag->name, &name));
    buf_clear(out);
    TRY(buf_printf(out, "%s%s%.*s", outer,
                   outer[3] == '.' && outer[4] ? "/" : "", NAME_BYTES,
                   buf_text(&name)));
    return NULL;
}

/* A tag and those inside, each with the name of what holds it. */
struct level {
    struct ebml_list list;
    struct buf name;
};

struct levels {
    struct level at[TAG_DEPTH];
};

static void levels_release(struct levels *levels)
{
    for (size_t i = 0; i < TAG_DEPTH; i++)
        buf_release(&levels->at[i].name);
}

static dits_error *simple_tags_read(struct window *window,
                                    const struct ebml_element *tag,
                                    struct media_facts *facts)
{
    CLEANUP(levels_release) struct levels levels = {0};
    CLEANUP(buf_release) struct buf name = {0};
    unsigned depth = 1;
    levels.at[0].list = ebml_children(window, tag);
    TRY(buf_put_text(&levels.at[0].name, "tag."));
    while (depth > 0) {
        struct level *level = &levels.at[depth - 1];
        struct ebml_element child = {0};
        struct simple_tag simple = {0};
        bool found = false;
        TRY(ebml_next(&level->list, &child, &found));
        if (!found)
            depth--;
        if (!found || child.id != ID_SIMPLE_TAG)
            continue;
        TRY(tag_parts(window, &child, &simple));
        TRY(tag_name(window, &simple, buf_text(&level->name), &name));
        TRY(value_text(window, &simple.value, facts, buf_text(&name)));
        if (depth == TAG_DEPTH)
            continue;
        buf_clear(&levels.at[depth].name);
        TRY(buf_put(&levels.at[depth].name, name.data, name.size));
        levels.at[depth++].list = ebml_children(window, &child);
    }
    return NULL;
}

dits_error *tags_read(struct media_file *file, const struct ebml_element *tags)
{
    assert(file != NULL);
    struct window *window = &matroska_of(file)->window;
    struct ebml_list list = ebml_children(window, tags);
    struct ebml_element tag = {0};
    bool found = false;
    TRY(ebml_next(&list, &tag, &found));
    while (found) {
        struct ebml_list inner = ebml_children(window, &tag);
        struct ebml_element child = {0};
        struct media_facts *facts = &file->facts;
        TRY(ebml_next(&inner, &child, &found));
        while (found) {
            if (child.id == ID_TARGETS)
                TRY(target_of(file, &child, &facts));
            TRY(ebml_next(&inner, &child, &found));
        }
        if (facts != NULL && tag.id == ID_TAG)
            TRY(simple_tags_read(window, &tag, facts));
        TRY(ebml_next(&list, &tag, &found));
    }
    return NULL;
}
