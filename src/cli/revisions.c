#include "cli/revisions.h"

#include <string.h>

#include <dits/merge.h>
#include <dits/refs.h>

#include "base/fs.h"
#include "base/text.h"

/* "A^@", "A^!" and "A^-1": where the mark begins; else the end. */
static size_t length_without_mark(const char *text)
{
    size_t length = strlen(text);
    size_t end = length;
    if (text_ends_with(text, "^@") || text_ends_with(text, "^!"))
        return length - 2;
    while (end > 0 && text[end - 1] >= '0' && text[end - 1] <= '9')
        end--;
    bool has_mark = end > 2 && text[end - 1] == '-' && text[end - 2] == '^';
    return has_mark ? end - 2 : length;
}

static dits_error *resolve(const struct cli *cli, const char *text)
{
    CLEANUP(text_free) char *plain = NULL;
    struct dits_oid id = {{0}};
    size_t length = text[0] == ':' ? strlen(text) : length_without_mark(text);
    TRY(text_copy_part(text, length, &plain));
    return dits_revision_resolve(cli->repo, plain, DITS_REVISION_ANY, &id);
}

bool revision_is_one(const struct cli *cli, const char *text)
{
    if (text[0] == '^')
        text++;
    if (text[0] != ':' && strstr(text, "..") != NULL && !fs_exists(text))
        return true;
    dits_error *err = resolve(cli, text);
    bool is_one = err == NULL || dits_error_code(err) == DITS_E_CONFLICT;
    dits_error_free(err); /* the question was only whether it is one */
    return is_one;
}

static bool is_path(const char *text)
{
    return strpbrk(text, "*?[") != NULL || text[0] == ':' || fs_exists(text);
}

static dits_error *refuse_unknown(const char *text)
{
    return error_hint(
        error_new(DITS_E_INVALID,
                  "'%s' is neither a revision nor a path in the work tree",
                  text),
        "Put '--' before paths that are not there: 'dits COMMAND [REV...] -- "
        "[PATH...]'.");
}

static dits_error *refuse_ambiguous(const char *text)
{
    return error_hint(
        error_new(DITS_E_INVALID, "'%s' is both a revision and a path", text),
        "Put '--' before paths or after revisions: 'dits "
        "COMMAND [REV...] -- [PATH...]'.");
}

dits_error *revisions_split(struct cli *cli, const struct cli_list *operands,
                            const struct cli_list *paths,
                            struct revision_args *out)
{
    *out = (struct revision_args){.revisions = operands->items,
                                  .count = operands->count,
                                  .paths = cli_paths(paths)};
    if (paths->is_given)
        return NULL;

    size_t count = 0;
    while (count < operands->count &&
           revision_is_one(cli, operands->items[count])) {
        if (fs_exists(operands->items[count]))
            return refuse_ambiguous(operands->items[count]);
        count++;
    }
    for (size_t i = count; i < operands->count; i++)
        if (!is_path(operands->items[i]))
            return refuse_unknown(operands->items[i]);
    out->count = count;
    if (count < operands->count)
        out->paths = (struct dits_paths){.items = operands->items + count,
                                         .count = operands->count - count};
    return NULL;
}

/* The newest of the commits where they parted. */
struct base_search {
    char *hex; /* NULL: none yet */
    size_t count;
};

static dits_error *note_base(const struct dits_oid *id, void *payload)
{
    struct base_search *search = payload;
    char hex[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(id, hex);
    search->count++;
    return search->hex == NULL ? text_copy(hex, &search->hex) : NULL;
}

static dits_error *find_base(struct cli *cli, const char *a, const char *b,
                             char **out)
{
    struct base_search search = {0};
    dits_error *err = dits_merge_base(cli->repo, a, b, note_base, &search);
    *out = search.hex;
    TRY(err);
    if (search.count == 0)
        return error_new(DITS_E_NOT_FOUND,
                         "'%s' and '%s' have no commit in common", a, b);
    if (search.count > 1)
        cli_note(cli, "%s...%s: several merge bases, using %.12s", a, b, *out);
    return NULL;
}

/* "A^!": what A did to its parent. */
static dits_error *alone(struct cli *cli, const char *text, char **out_from,
                         char **out_to)
{
    CLEANUP(buf_release) struct buf parent = {0};
    struct dits_oid id = {{0}};
    TRY(text_copy_part(text, strlen(text) - 2, out_to));
    TRY(buf_printf(&parent, "%s^2", *out_to));
    dits_error *err = dits_revision_resolve(cli->repo, buf_text(&parent),
                                            DITS_REVISION_COMMIT, &id);
    bool is_merge = err == NULL;
    dits_error_free(err); /* the question was only whether it is one */
    if (is_merge)
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is a merge, with several parents",
                      *out_to),
            "Say which one it is compared with: '%s^1..%s'.", *out_to, *out_to);
    buf_clear(&parent);
    TRY(buf_printf(&parent, "%s^1", *out_to));
    return buf_take_text(&parent, out_from);
}

dits_error *revision_range(struct cli *cli, const char *text, char **out_from,
                           char **out_to)
{
    CLEANUP(text_free) char *from = NULL;
    const char *dots = strstr(text, "..");
    if (strchr(text, ':') == NULL && text_ends_with(text, "^!"))
        return alone(cli, text, out_from, out_to);
    if (dots == NULL || strchr(text, ':') != NULL)
        return NULL;

    bool is_from_base = dots[2] == '.';
    size_t length = (size_t)(dots - text);
    const char *to = dots + (is_from_base ? 3 : 2);
    TRY(length > 0 ? text_copy_part(text, length, &from)
                   : text_copy("HEAD", &from));
    TRY(text_copy(*to != '\0' ? to : "HEAD", out_to));
    if (is_from_base)
        return find_base(cli, from, *out_to, out_from);
    *out_from = MOVE(from);
    return NULL;
}
