#include "cli/commit_text.h"

#include <string.h>

#include "base/text.h"
#include "cli/color.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/signature.h"
#include "cli/suggest.h"

const char *const commit_form_names[] = {"medium", "oneline", "short",
                                         "full",   "fuller",  NULL};

void commit_style_release(struct commit_style *style)
{
    decorations_release(&style->decorations);
    dits_notes_free(style->notes);
    style->notes = NULL;
}

dits_error *commit_style_set(struct commit_style *style, const char *name)
{
    static const char *const prefixes[] = {"format:", "tformat:"};
    for (size_t i = 0; i < 2; i++) {
        if (text_starts_with(name, prefixes[i])) {
            style->form = COMMIT_TEMPLATE;
            style->template = name + strlen(prefixes[i]);
            return NULL;
        }
    }
    if (strchr(name, '%') != NULL) {
        style->form = COMMIT_TEMPLATE;
        style->template = name;
        return NULL;
    }
    struct suggestion best = suggestion_for(name);
    for (size_t i = 0; commit_form_names[i] != NULL; i++) {
        if (strcmp(commit_form_names[i], name) == 0) {
            style->form = (enum commit_form)i;
            return NULL;
        }
        suggestion_offer(&best, commit_form_names[i]);
    }
    dits_error *err =
        error_new(DITS_E_INVALID, "there is no format '%s'", name);
    return best.name != NULL ? error_hint(err, "Did you mean '%s'?", best.name)
                             : err;
}

dits_error *commit_subject(const char *message, struct buf *out)
{
    const char *end = strstr(message, "\n\n");
    size_t length = end != NULL ? (size_t)(end - message) : strlen(message);
    while (length > 0 && message[length - 1] == '\n')
        length--;
    for (size_t i = 0; i < length; i++)
        TRY(buf_put_u8(out, message[i] == '\n' ? ' ' : (uint8_t)message[i]));
    return NULL;
}

static dits_error *put_id(const struct cli *cli,
                          const struct commit_style *style,
                          const struct dits_oid *id, struct buf *out)
{
    char text[DITS_OID_HEX_SIZE] = {0};
    if (style->abbreviates)
        TRY(id_short(cli, id, text));
    else
        dits_oid_hex(id, text);
    return buf_put_text(out, text);
}

static dits_error *put_decorations(const struct cli *cli,
                                   const struct commit_style *style,
                                   const dits_commit *commit, struct buf *out)
{
    CLEANUP(buf_release) struct buf names = {0};
    const char *yellow = color(cli, COLOR_YELLOW);
    const char *reset = color(cli, COLOR_RESET);
    TRY(decorations_put(cli, &style->decorations, commit, &names));
    if (names.size == 0)
        return NULL;
    return buf_printf(out, " %s(%s%s%s)%s", yellow, reset, buf_text(&names),
                      yellow, reset);
}

static dits_error *put_oneline(const struct cli *cli,
                               const struct commit_style *style,
                               const dits_commit *commit, struct buf *out)
{
    TRY(buf_put_text(out, color(cli, COLOR_YELLOW)));
    TRY(put_id(cli, style, dits_commit_id(commit), out));
    TRY(buf_put_text(out, color(cli, COLOR_RESET)));
    TRY(put_decorations(cli, style, commit, out));
    TRY(buf_put_u8(out, ' '));
    TRY(commit_subject(dits_commit_message(commit), out));
    return buf_put_u8(out, '\n');
}

static dits_error *put_merge(const struct cli *cli, const dits_commit *commit,
                             struct buf *out)
{
    size_t count = dits_commit_parent_count(commit);
    if (count < 2)
        return NULL;
    TRY(buf_put_text(out, "Merge:"));
    for (size_t i = 0; i < count; i++) {
        char id[DITS_OID_HEX_SIZE] = {0};
        TRY(id_short(cli, dits_commit_parent(commit, i), id));
        TRY(buf_printf(out, " %s", id));
    }
    return buf_put_u8(out, '\n');
}

static dits_error *put_person(const char *label,
                              const struct dits_person *person, struct buf *out)
{
    return buf_printf(out, "%s%s <%s>\n", label, person->name, person->email);
}

static dits_error *put_date(const char *label, const struct commit_style *style,
                            const struct dits_person *person, struct buf *out)
{
    char date[DATE_TEXT_SIZE] = {0};
    date_format(&style->dates, person->time, person->offset_minutes, date);
    return buf_printf(out, "%s%s\n", label, date);
}

static dits_error *put_people(const struct commit_style *style,
                              const dits_commit *commit, struct buf *out)
{
    const struct dits_person *author = dits_commit_author(commit);
    const struct dits_person *committer = dits_commit_committer(commit);
    if (style->form == COMMIT_FULLER) {
        TRY(put_person("Author:     ", author, out));
        TRY(put_date("AuthorDate: ", style, author, out));
        TRY(put_person("Commit:     ", committer, out));
        return put_date("CommitDate: ", style, committer, out);
    }
    TRY(put_person("Author: ", author, out));
    if (style->form == COMMIT_FULL)
        return put_person("Commit: ", committer, out);
    return style->form == COMMIT_MEDIUM
               ? put_date("Date:   ", style, author, out)
               : NULL;
}

/* Each line indented, without the empty ones at the end. */
static dits_error *put_message(const char *message, struct buf *out)
{
    size_t left = strlen(message);
    while (left > 0 && message[left - 1] == '\n')
        left--;
    if (left == 0)
        return NULL;
    TRY(buf_put_u8(out, '\n'));
    while (left > 0) {
        const char *newline = memchr(message, '\n', left);
        size_t length = newline != NULL ? (size_t)(newline - message) : left;
        TRY(buf_put_text(out, length > 0 ? "    " : ""));
        TRY(buf_put(out, message, length));
        TRY(buf_put_u8(out, '\n'));
        length += newline != NULL;
        message += length;
        left -= length;
    }
    return NULL;
}

static dits_error *put_heading(const struct cli *cli,
                               const struct commit_style *style,
                               const dits_commit *commit, struct buf *out)
{
    TRY(buf_printf(out, "%scommit ", color(cli, COLOR_YELLOW)));
    TRY(put_id(cli, style, dits_commit_id(commit), out));
    TRY(buf_put_text(out, color(cli, COLOR_RESET)));
    TRY(put_decorations(cli, style, commit, out));
    return buf_put_u8(out, '\n');
}

static void signature_release(struct dits_signature *signature)
{
    dits_signature_release(signature);
}

static dits_error *put_signature(const struct cli *cli,
                                 const struct commit_style *style,
                                 const dits_commit *commit, struct buf *out)
{
    CLEANUP(signature_release) struct dits_signature signature = {0};
    if (!style->signatures)
        return NULL;
    TRY(dits_signature_check(cli->repo, dits_commit_id(commit), &signature));
    return signature_put(&signature, out);
}

/* As git: a block of its own below the message. */
static dits_error *put_note(const struct commit_style *style,
                            const dits_commit *commit, struct buf *out)
{
    CLEANUP(text_free) char *note = NULL;
    if (style->notes == NULL)
        return NULL;
    TRY(dits_notes_find(style->notes, dits_commit_id(commit), &note));
    if (note == NULL)
        return NULL;
    TRY(buf_put_text(out, "\nNotes:"));
    return put_message(note, out);
}

static dits_error *put_whole_message(const struct commit_style *style,
                                     const dits_commit *commit, struct buf *out)
{
    const char *message = dits_commit_message(commit);
    if (style->form != COMMIT_SHORT)
        return put_message(message, out);
    TRY(buf_put_text(out, "\n    "));
    TRY(commit_subject(message, out));
    return buf_put_u8(out, '\n');
}

dits_error *commit_text_put(const struct cli *cli,
                            const struct commit_style *style,
                            const dits_commit *commit, struct buf *out)
{
    if (style->form == COMMIT_TEMPLATE) {
        TRY(commit_template_put(cli, style, commit, out));
        return buf_put_u8(out, '\n');
    }
    if (style->form == COMMIT_ONELINE) {
        TRY(put_signature(cli, style, commit, out));
        return put_oneline(cli, style, commit, out);
    }
    TRY(put_heading(cli, style, commit, out));
    TRY(put_signature(cli, style, commit, out));
    TRY(put_merge(cli, commit, out));
    TRY(put_people(style, commit, out));
    TRY(put_whole_message(style, commit, out));
    return put_note(style, commit, out);
}

static void list_name(const char *name, void *payload)
{
    json_list_string(payload, name);
}

dits_error *commit_text_json(const struct cli *cli,
                             const struct commit_style *style,
                             const dits_commit *commit)
{
    CLEANUP(signature_release) struct dits_signature signature = {0};
    if (style->signatures)
        TRY(dits_signature_check(cli->repo, dits_commit_id(commit),
                                 &signature));
    struct json json = json_begin(cli->out);
    json_oid(&json, "id", dits_commit_id(commit));
    json_oid(&json, "tree", dits_commit_tree(commit));
    json_list_begin(&json, "parents");
    for (size_t i = 0; i < dits_commit_parent_count(commit); i++)
        json_list_oid(&json, dits_commit_parent(commit, i));
    json_list_end(&json);
    if (dits_commit_is_cut(commit))
        json_bool(&json, "grafted", true);
    json_list_begin(&json, "refs");
    decorations_each(&style->decorations, dits_commit_id(commit), list_name,
                     &json);
    json_list_end(&json);
    json_person(&json, "author", dits_commit_author(commit));
    json_person(&json, "committer", dits_commit_committer(commit));
    json_string(&json, "message", dits_commit_message(commit));
    if (style->signatures) {
        json_object_begin(&json, "signature");
        signature_json(&json, &signature);
        json_object_end(&json);
    }
    json_end(&json);
    return NULL;
}
