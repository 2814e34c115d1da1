#include "cli/revisions.h"

#include <string.h>

#include <dits/refs.h>

#include "base/fs.h"
#include "base/text.h"

static bool is_revision(const struct cli *cli, const char *text)
{
    struct dits_oid id = {{0}};
    if (text[0] == '^')
        text++;
    if (strstr(text, "..") != NULL && !fs_exists(text))
        return true;
    dits_error *err =
        dits_revision_resolve(cli->repo, text, DITS_REVISION_ANY, &id);
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
           is_revision(cli, operands->items[count])) {
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

dits_error *revision_range(const char *text, char **out_from, char **out_to)
{
    CLEANUP(text_free) char *from = NULL;
    const char *dots = strstr(text, "..");
    if (dots == NULL || strchr(text, ':') != NULL)
        return NULL;
    if (dots[2] == '.')
        return error_hint(error_new(DITS_E_INVALID,
                                    "'%s': three dots have no meaning here",
                                    text),
                          "Two dots compare the ends: A..B.");

    size_t length = (size_t)(dots - text);
    const char *to = dots[2] != '\0' ? dots + 2 : "HEAD";
    TRY(length > 0 ? text_copy_part(text, length, &from)
                   : text_copy("HEAD", &from));
    TRY(text_copy(to, out_to));
    *out_from = MOVE(from);
    return NULL;
}
