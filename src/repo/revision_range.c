#include "repo/revision_range.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/ref_name.h"

void revision_range_release(struct revision_range *range)
{
    mem_free(range->from);
    mem_free(range->to);
    *range = (struct revision_range){0};
}

/* The two dots between revisions; NULL when there are none. */
static const char *find_dots(const char *text)
{
    bool in_braces = false;
    if (text_starts_with(text, ":/")) /* all of the rest is searched for */
        return NULL;
    for (; *text != '\0'; text++) {
        if (*text == '{')
            in_braces = true;
        else if (*text == '}')
            in_braces = false;
        else if (!in_braces && *text == ':')
            return NULL; /* a path */
        else if (!in_braces && text[0] == '.' && text[1] == '.')
            return text;
    }
    return NULL;
}

static dits_error *take_ends(const char *text, const char *dots,
                             struct revision_range *out)
{
    bool is_either = dots[2] == '.';
    const char *to = dots + (is_either ? 3 : 2);
    out->kind = is_either ? REVISION_RANGE_EITHER : REVISION_RANGE_BETWEEN;
    TRY(dots > text ? text_copy_part(text, (size_t)(dots - text), &out->from)
                    : text_copy(REF_HEAD, &out->from));
    return text_copy(*to != '\0' ? to : REF_HEAD, &out->to);
}

/* "^-" or "^-2" at the end of `text`: where; else NULL. */
static const char *find_without(const char *text)
{
    const char *at = text + strlen(text);
    while (at > text && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return at - text > 2 && at[-1] == '-' && at[-2] == '^' ? at - 2 : NULL;
}

/* "A^-2" is "A^2..A". */
static dits_error *take_without(const char *text, const char *mark,
                                struct revision_range *out)
{
    CLEANUP(buf_release) struct buf parent = {0};
    const char *number = mark[2] != '\0' ? mark + 2 : "1";
    TRY(text_copy_part(text, (size_t)(mark - text), &out->to));
    TRY(buf_printf(&parent, "%s^%s", out->to, number));
    TRY(buf_take_text(&parent, &out->from));
    out->kind = REVISION_RANGE_BETWEEN;
    return NULL;
}

static dits_error *take_one(const char *text, struct revision_range *out)
{
    size_t length = strlen(text);
    out->is_negated = text[0] == '^';
    if (out->is_negated) {
        text++;
        length--;
    }
    bool has_mark = length > 2 && !text_starts_with(text, ":/");
    if (has_mark && text_ends_with(text, "^@"))
        out->kind = REVISION_RANGE_PARENTS;
    else if (has_mark && text_ends_with(text, "^!"))
        out->kind = REVISION_RANGE_ALONE;
    else
        return text_copy(text, &out->to);
    return text_copy_part(text, length - 2, &out->to);
}

dits_error *revision_range_parse(const char *text, struct revision_range *out)
{
    CLEANUP(revision_range_release) struct revision_range range = {0};
    const char *dots = find_dots(text);
    const char *without = find_without(text);
    bool is_without = without != NULL && text[0] != '^' && text[0] != ':';
    if (dots != NULL)
        TRY(take_ends(text, dots, &range));
    else if (is_without)
        TRY(take_without(text, without, &range));
    else
        TRY(take_one(text, &range));
    *out = MOVE(range);
    return NULL;
}
