#include "repo/git_text.h"

#include <string.h>

#include "base/text.h"

enum {
    MODE_DIGITS = 7,
    ZONE_MAX = 26 * 60, /* minutes, as commits of ours can hold */
    TIME_DIGITS = 12,   /* to the year 9999 and far beyond */
    PARENT_EXTRA = 8,   /* "parent " and the newline */
};

/* The last second of the year 9999. */
static const int64_t time_max = INT64_C(253402300799);

bool git_id_parse(struct slice text, size_t size, struct dits_oid *out)
{
    return text.size == 2 * size &&
           oid_parse_prefix((const char *)text.data, text.size, out);
}

void git_id_hex(const struct dits_oid *id, size_t size, char out[OID_HEX_SIZE])
{
    dits_oid_hex(id, out);
    out[2 * size] = '\0';
}

static struct slice rest(struct slice bytes, size_t from)
{
    return slice_of(bytes.data + from, bytes.size - from);
}

/* The bytes up to `end`, which is left out; `bytes` moves behind it. */
static bool take_until(struct slice *bytes, char end, struct slice *out)
{
    const uint8_t *at = bytes->size > 0 ? memchr(bytes->data, end, bytes->size)
                                        : NULL;
    if (at == NULL)
        return false;
    *out = slice_of(bytes->data, (size_t)(at - bytes->data));
    *bytes = rest(*bytes, out->size + 1);
    return true;
}

/* A line that starts with `name` and a blank: its value. */
static bool take_header(struct slice *bytes, const char *name,
                        struct slice *out)
{
    size_t length = strlen(name);
    struct slice left = *bytes;
    struct slice line = {0};
    if (!take_until(&left, '\n', &line) || line.size <= length ||
        memcmp(line.data, name, length) != 0 || line.data[length] != ' ')
        return false;
    *out = rest(line, length + 1);
    *bytes = left;
    return true;
}

static bool take_id(struct slice *bytes, const char *name, size_t id_size,
                    struct dits_oid *out)
{
    struct slice left = *bytes;
    struct slice hex = {0};
    if (!take_header(&left, name, &hex) || !git_id_parse(hex, id_size, out))
        return false;
    *bytes = left;
    return true;
}

static struct slice trim(struct slice text)
{
    while (text.size > 0 && text.data[0] == ' ')
        text = rest(text, 1);
    while (text.size > 0 && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

/* As many digits as there are, with a sign before them or not. */
static int64_t take_number(struct slice *text, bool *out_negative)
{
    int64_t number = 0;
    size_t digits = 0;
    *text = trim(*text);
    *out_negative = text->size > 0 && text->data[0] == '-';
    if (text->size > 0 && (text->data[0] == '-' || text->data[0] == '+'))
        *text = rest(*text, 1);
    while (text->size > 0 && text->data[0] >= '0' && text->data[0] <= '9') {
        if (digits++ < TIME_DIGITS)
            number = 10 * number + (text->data[0] - '0');
        *text = rest(*text, 1);
    }
    return number <= time_max ? number : time_max;
}

static void parse_time(struct slice text, struct git_person *out)
{
    bool negative = false;
    int64_t number = take_number(&text, &negative);
    int64_t year_one = INT64_C(62135596800); /* seconds before 1970 */
    if (negative)
        number = -(number < year_one ? number : year_one);
    out->time = number;
    int64_t zone = take_number(&text, &negative);
    int64_t minutes = zone < 10000 ? zone / 100 * 60 + zone % 100 : 0;
    minutes = minutes <= ZONE_MAX ? minutes : 0;
    out->offset_minutes = (int32_t)(negative ? -minutes : minutes);
}

void git_person_parse(struct slice line, struct git_person *out)
{
    struct slice left = line;
    *out = (struct git_person){0};
    if (!take_until(&left, '<', &out->name)) {
        out->name = trim(line);
        return;
    }
    out->name = trim(out->name);
    if (!take_until(&left, '>', &out->email)) {
        out->email = left;
        return;
    }
    /* "<a <b> c>": the time is behind the last one. */
    struct slice more = {0};
    while (take_until(&left, '>', &more))
        continue;
    parse_time(left, out);
}

static dits_error *no_commit(const char *what)
{
    return error_new(DITS_E_CORRUPT, "a commit of git has no %s", what);
}

/* Header lines up to the empty one. One that begins with a blank goes on. */
static bool take_others(struct slice *bytes, struct git_commit *out)
{
    const uint8_t *start = NULL;
    struct slice line = {0};
    while (bytes->size > 0 && bytes->data[0] != '\n') {
        if (take_header(bytes, "encoding", &out->encoding))
            continue;
        if (!take_until(bytes, '\n', &line))
            return false;
        start = start != NULL ? start : line.data;
    }
    if (start != NULL)
        out->others = slice_of(start, (size_t)(bytes->data - start));
    return true;
}

dits_error *git_commit_parse(struct slice bytes, size_t id_size,
                             struct git_commit *out)
{
    struct dits_oid parent = {0};
    *out = (struct git_commit){0};
    if (!take_id(&bytes, "tree", id_size, &out->tree))
        return no_commit("tree");
    out->parents = bytes;
    while (take_id(&bytes, "parent", id_size, &parent))
        out->parent_count++;
    if (!take_header(&bytes, "author", &out->author))
        return no_commit("author");
    if (!take_header(&bytes, "committer", &out->committer))
        return no_commit("committer");
    if (!take_others(&bytes, out))
        return error_new(DITS_E_CORRUPT, "a commit of git is cut off");
    out->message = bytes.size > 0 ? rest(bytes, 1) : bytes;
    return NULL;
}

struct dits_oid git_commit_parent(const struct git_commit *commit,
                                  size_t id_size, size_t index)
{
    struct dits_oid id = {0};
    size_t line = 2 * id_size + PARENT_EXTRA;
    const uint8_t *at = commit->parents.data + index * line + PARENT_EXTRA - 1;
    (void)git_id_parse(slice_of(at, 2 * id_size), id_size, &id);
    return id;
}

dits_error *git_tag_parse(struct slice bytes, size_t id_size,
                          struct git_tag *out)
{
    struct slice line = {0};
    *out = (struct git_tag){0};
    if (!take_id(&bytes, "object", id_size, &out->target) ||
        !take_header(&bytes, "type", &out->type) ||
        !take_header(&bytes, "tag", &out->name))
        return error_new(DITS_E_CORRUPT, "a tag of git is cut off");
    (void)take_header(&bytes, "tagger", &out->tagger);
    while (bytes.size > 0 && bytes.data[0] != '\n')
        if (!take_until(&bytes, '\n', &line))
            return error_new(DITS_E_CORRUPT, "a tag of git is cut off");
    out->message = bytes.size > 0 ? rest(bytes, 1) : bytes;
    return NULL;
}

static bool parse_mode(struct slice digits, enum git_mode *out)
{
    unsigned mode = 0;
    if (digits.size == 0 || digits.size > MODE_DIGITS)
        return false;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '7')
            return false;
        mode = mode * 8 + (unsigned)(digits.data[i] - '0');
    }
    switch (mode & 0170000) {
    case 0100000:
        *out = (mode & 0100) != 0 ? GIT_EXECUTABLE : GIT_FILE;
        return true;
    case 0120000:
        *out = GIT_SYMLINK;
        return true;
    case 0040000:
        *out = GIT_FOLDER;
        return true;
    case 0160000:
        *out = GIT_SUBMODULE;
        return true;
    default:
        return false;
    }
}

dits_error *git_entry_next(struct slice *bytes, size_t id_size,
                           struct git_entry *out)
{
    struct slice mode = {0};
    *out = (struct git_entry){0};
    if (!take_until(bytes, ' ', &mode) ||
        !take_until(bytes, '\0', &out->name) || bytes->size < id_size)
        return error_new(DITS_E_CORRUPT, "a tree of git is cut off");
    if (!parse_mode(mode, &out->mode))
        return error_new(DITS_E_CORRUPT, "a tree of git has an unknown mode");
    memcpy(out->id.hash, bytes->data, id_size);
    *bytes = rest(*bytes, id_size);
    return NULL;
}
