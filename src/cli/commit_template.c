/*
 * The %-conversions of git's log formats, those that people use.
 */
#include <string.h>

#include "base/text.h"
#include "cli/color.h"
#include "cli/commit_text.h"
#include "cli/ids.h"

/* What an expansion reads from and writes to. */
struct expansion {
    const struct cli *cli;
    const struct commit_style *style;
    const dits_commit *commit;
    struct buf *out;
};

static dits_error *put_id(const struct expansion *e, const struct dits_oid *id,
                          bool is_short)
{
    char text[DITS_OID_HEX_SIZE] = {0};
    if (is_short)
        TRY(id_short(e->cli, id, text));
    else
        dits_oid_hex(id, text);
    return buf_put_text(e->out, text);
}

static dits_error *put_parents(const struct expansion *e, bool is_short)
{
    for (size_t i = 0; i < dits_commit_parent_count(e->commit); i++) {
        if (i > 0)
            TRY(buf_put_u8(e->out, ' '));
        TRY(put_id(e, dits_commit_parent(e->commit, i), is_short));
    }
    return NULL;
}

/* %an, %ae, %ad and so on: the letter after 'a' or 'c'. */
static dits_error *put_person(const struct expansion *e,
                              const struct dits_person *person, char letter,
                              bool *out_known)
{
    static const struct {
        char letter;
        enum date_format format;
    } dates[] = {
        {'D', DATE_RFC}, {'r', DATE_RELATIVE},   {'t', DATE_UNIX},
        {'i', DATE_ISO}, {'I', DATE_ISO_STRICT}, {'s', DATE_SHORT},
    };
    char text[DATE_TEXT_SIZE] = {0};
    struct date_style style = e->style->dates;
    *out_known = true;
    if (letter == 'n')
        return buf_put_text(e->out, person->name);
    if (letter == 'e')
        return buf_put_text(e->out, person->email);

    bool is_date = letter == 'd';
    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
        if (dates[i].letter == letter) {
            style.format = dates[i].format;
            is_date = true;
        }
    }
    *out_known = is_date;
    if (!is_date)
        return NULL;
    date_format(&style, person->time, person->offset_minutes, text);
    return buf_put_text(e->out, text);
}

/* The message after its first paragraph. */
static dits_error *put_body(const struct expansion *e)
{
    const char *message = dits_commit_message(e->commit);
    const char *body = strstr(message, "\n\n");
    if (body == NULL)
        return NULL;
    body += strspn(body, "\n");
    return buf_put_text(e->out, body);
}

static dits_error *put_decorations(const struct expansion *e, bool wrapped)
{
    CLEANUP(buf_release) struct buf names = {0};
    TRY(decorations_put(e->cli, &e->style->decorations, e->commit, &names));
    if (names.size == 0)
        return NULL;
    return buf_printf(e->out, wrapped ? " (%s)" : "%s", buf_text(&names));
}

/* %Cred, %C(red): `*out_length` is 0 when the name is not known. */
static dits_error *put_color(const struct expansion *e, const char *name,
                             size_t *out_length)
{
    static const struct {
        const char *name;
        enum color color;
    } colors[] = {
        {"reset", COLOR_RESET}, {"red", COLOR_RED},
        {"green", COLOR_GREEN}, {"yellow", COLOR_YELLOW},
        {"blue", COLOR_BLUE},   {"magenta", COLOR_MAGENTA},
        {"cyan", COLOR_CYAN},   {"bold", COLOR_BOLD},
        {"dim", COLOR_DIM},
    };
    bool wrapped = name[0] == '(';
    *out_length = 0;
    for (size_t i = 0; i < sizeof(colors) / sizeof(colors[0]); i++) {
        size_t length = strlen(colors[i].name);
        if (strncmp(name + wrapped, colors[i].name, length) != 0 ||
            (wrapped && name[1 + length] != ')'))
            continue;
        *out_length = length + (wrapped ? 2 : 0);
        return buf_put_text(e->out, color(e->cli, colors[i].color));
    }
    return NULL;
}

static bool hex_digit(char c, unsigned *out)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;
    if (at == NULL)
        return false;
    *out = (unsigned)(at - digits);
    return true;
}

/* One letter that stands alone. */
static dits_error *put_letter(const struct expansion *e, char letter,
                              bool *out_known)
{
    const char *message = dits_commit_message(e->commit);
    *out_known = true;
    switch (letter) {
    case 'H':
        return put_id(e, dits_commit_id(e->commit), false);
    case 'h':
        return put_id(e, dits_commit_id(e->commit), true);
    case 'T':
        return put_id(e, dits_commit_tree(e->commit), false);
    case 't':
        return put_id(e, dits_commit_tree(e->commit), true);
    case 'P':
        return put_parents(e, false);
    case 'p':
        return put_parents(e, true);
    case 's':
        return commit_subject(message, e->out);
    case 'b':
        return put_body(e);
    case 'B':
        return buf_put_text(e->out, message);
    case 'd':
        return put_decorations(e, true);
    case 'D':
        return put_decorations(e, false);
    case 'n':
        return buf_put_u8(e->out, '\n');
    case '%':
        return buf_put_u8(e->out, '%');
    default:
        *out_known = false;
        return NULL;
    }
}

/* One conversion, `at` after its '%'. `*out_length` 0: it is none. */
static dits_error *put_conversion(const struct expansion *e, const char *at,
                                  size_t *out_length)
{
    bool is_known = false;
    unsigned high = 0;
    unsigned low = 0;
    *out_length = 0;
    if (at[0] == 'C') {
        TRY(put_color(e, at + 1, out_length));
        *out_length += *out_length > 0;
        return NULL;
    }
    if (at[0] == 'x' && hex_digit(at[1], &high) && hex_digit(at[2], &low)) {
        *out_length = 3;
        return buf_put_u8(e->out, (uint8_t)(high << 4 | low));
    }
    if (at[0] == 'a' || at[0] == 'c') {
        const struct dits_person *person =
            at[0] == 'a' ? dits_commit_author(e->commit)
                         : dits_commit_committer(e->commit);
        TRY(put_person(e, person, at[1], &is_known));
        *out_length = is_known ? 2 : 0;
        return NULL;
    }
    TRY(put_letter(e, at[0], &is_known));
    *out_length = is_known;
    return NULL;
}

dits_error *commit_template_put(const struct cli *cli,
                                const struct commit_style *style,
                                const dits_commit *commit, struct buf *out)
{
    const struct expansion e = {cli, style, commit, out};
    for (const char *at = style->template; *at != '\0'; at++) {
        size_t length = 0;
        if (*at == '%')
            TRY(put_conversion(&e, at + 1, &length));
        if (length == 0)
            TRY(buf_put_u8(out, (uint8_t)*at)); /* as git: left as it is */
        at += length;
    }
    return NULL;
}
