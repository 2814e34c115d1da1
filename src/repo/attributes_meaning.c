/* What attributes mean for the files of a project. */
#include <string.h>

#include "repo/attributes.h"
#include "store/chunker.h"

static bool is_value(const struct attribute *attribute, const char *value)
{
    return attribute->state == ATTRIBUTE_VALUE &&
           strcmp(attribute->value, value) == 0;
}

/* "small", "media" or "large" */
static dits_error *put_chunkers(struct buf *out)
{
    size_t count = 0;
    const struct chunker *chunkers = chunker_table(&count);
    for (size_t i = 0; i < count; i++)
        TRY(buf_printf(out, "%s'%s'",
                       i == 0           ? ""
                       : i == count - 1 ? " or "
                                        : ", ",
                       chunkers[i].name));
    return NULL;
}

static dits_error *no_chunker(const char *path, const char *name)
{
    CLEANUP(buf_release) struct buf known = {0};
    TRY(put_chunkers(&known));
    return error_hint(error_new(DITS_E_INVALID,
                                "the attributes give '%s' the chunker '%s', "
                                "which there is not",
                                path, name),
                      "It is %s; '-chunker' leaves it to the content. See "
                      "'dits check-attr -a'.",
                      buf_text(&known));
}

dits_error *attributes_storing(struct attributes *attributes, const char *path,
                               struct attributes_storing *out)
{
    struct attribute chunker = {0};
    *out = (struct attributes_storing){0};
    TRY(attributes_get(attributes, path, "chunker", &chunker));
    out->is_whole = chunker.state == ATTRIBUTE_UNSET ||
                    chunker.state == ATTRIBUTE_VALUE;
    if (chunker.state != ATTRIBUTE_VALUE)
        return NULL;
    out->chunker = chunker_by_name(chunker.value);
    return out->chunker != NULL ? NULL : no_chunker(path, chunker.value);
}

/* What "text" and "-text" say where nothing more exact is said. */
static dits_error *get_or_text(struct attributes *attributes, const char *path,
                               const char *name, struct attribute *out)
{
    TRY(attributes_get(attributes, path, name, out));
    if (out->state != ATTRIBUTE_UNSPECIFIED)
        return NULL;
    TRY(attributes_get(attributes, path, "text", out));
    if (out->state == ATTRIBUTE_VALUE)
        out->state = ATTRIBUTE_UNSPECIFIED; /* "text=auto": by content */
    return NULL;
}

dits_error *attributes_diff(struct attributes *attributes, const char *path,
                            enum attributes_diff *out)
{
    struct attribute how = {0};
    TRY(get_or_text(attributes, path, "diff", &how));
    *out = ATTRIBUTES_DIFF_AUTO;
    if (how.state == ATTRIBUTE_SET || is_value(&how, "text"))
        *out = ATTRIBUTES_DIFF_LINES;
    else if (how.state == ATTRIBUTE_UNSET || is_value(&how, "none") ||
             is_value(&how, "media"))
        *out = ATTRIBUTES_DIFF_BINARY;
    return NULL;
}

dits_error *attributes_merge(struct attributes *attributes, const char *path,
                             enum attributes_merge *out)
{
    static const struct {
        const char *name;
        enum attributes_merge how;
    } values[] = {
        {"text", ATTRIBUTES_MERGE_TEXT},
        {"binary", ATTRIBUTES_MERGE_BINARY},
        {"union", ATTRIBUTES_MERGE_UNION},
        {"ours", ATTRIBUTES_MERGE_OURS},
        {"theirs", ATTRIBUTES_MERGE_THEIRS},
    };
    struct attribute how = {0};
    TRY(get_or_text(attributes, path, "merge", &how));
    *out = ATTRIBUTES_MERGE_AUTO;
    if (how.state == ATTRIBUTE_SET)
        *out = ATTRIBUTES_MERGE_TEXT;
    else if (how.state == ATTRIBUTE_UNSET)
        *out = ATTRIBUTES_MERGE_BINARY;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (is_value(&how, values[i].name))
            *out = values[i].how;
    return NULL;
}
