#include "cli/paths.h"

#include <string.h>

#include "base/text.h"

static bool needs_quotes(const char *path, bool quote_spaces)
{
    for (const char *at = path; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 || c == 0x7f || c == '"' || c == '\\' ||
            (quote_spaces && c == ' '))
            return true;
    }
    return !text_is_utf8(path, strlen(path));
}

static dits_error *put_escaped(unsigned char c, bool is_text, struct buf *out)
{
    static const char letters[] = "\aa\bb\tt\nn\vv\ff\rr\"\"\\\\";
    for (size_t i = 0; i + 1 < sizeof(letters); i += 2)
        if (c == (unsigned char)letters[i])
            return buf_printf(out, "\\%c", letters[i + 1]);
    if (c < 0x20 || c == 0x7f || (c >= 0x80 && !is_text))
        return buf_printf(out, "\\%03o", c);
    return buf_put_u8(out, c);
}

dits_error *path_quote(const char *path, bool quote_spaces, struct buf *out)
{
    if (!needs_quotes(path, quote_spaces))
        return buf_put_text(out, path);

    bool is_text = text_is_utf8(path, strlen(path));
    TRY(buf_put_u8(out, '"'));
    for (; *path != '\0'; path++)
        TRY(put_escaped((unsigned char)*path, is_text, out));
    return buf_put_u8(out, '"');
}

/* Length of the folders that both have in front, with the last slash. */
static size_t shared_folders(const char *prefix, const char *path)
{
    size_t shared = 0;
    size_t i = 0;
    for (; prefix[i] != '\0' && prefix[i] == path[i]; i++)
        if (prefix[i] == '/')
            shared = i + 1;
    return prefix[i] == '\0' && path[i] == '/' ? i + 1 : shared;
}

dits_error *path_relative(const char *prefix, const char *path, struct buf *out)
{
    if (prefix[0] == '\0')
        return buf_put_text(out, path);

    size_t length = strlen(prefix);
    size_t shared = shared_folders(prefix, path);
    if (shared <= length) {
        TRY(buf_put_text(out, "../"));
        for (const char *at = prefix + shared; *at != '\0'; at++)
            if (*at == '/' && at[1] != '\0')
                TRY(buf_put_text(out, "../"));
    }
    if (path[shared] == '\0' && shared > length)
        return buf_put_text(out, "./");
    return buf_put_text(out, path + shared);
}

dits_error *path_print(FILE *out, const char *path)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(path_quote(path, false, &text));
    fputs(buf_text(&text), out);
    return NULL;
}

dits_error *path_print_here(const struct cli *cli, const char *path)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(path_relative(dits_repo_prefix(cli->repo), path, &text));
    return path_print(cli->out, buf_text(&text));
}
