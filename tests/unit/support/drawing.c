#include "support/drawing.h"

#include <dits/refs.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "repo/index.h"

void drawing_release(struct drawing *drawing)
{
    temp_repo_release(&drawing->temp);
}

static dits_error *write_commit(struct drawing *drawing,
                                struct operation *operation, char letter,
                                const char *parents)
{
    CLEANUP(commit_release) struct commit commit = {0};
    struct person ada = {.name = (char *)(uintptr_t) "Ada",
                         .email = (char *)(uintptr_t) "ada@example.com",
                         .time = drawing->temp.now};
    char message[3] = {letter, '\n', '\0'};
    TRY(index_write_tree(operation_index(operation),
                         operation_writer(operation), &commit.tree));
    TRY(person_copy(&ada, &commit.author));
    TRY(person_copy(&ada, &commit.committer));
    TRY(text_copy(message, &commit.message));
    commit.parent_count = strlen(parents);
    if (commit.parent_count > 0)
        commit.parents = mem_new_array(struct dits_oid, commit.parent_count);
    for (size_t i = 0; i < commit.parent_count; i++)
        commit.parents[i] = drawing->ids[(int)parents[i]];
    return commit_store(operation_writer(operation), &commit,
                        &drawing->ids[(int)letter]);
}

dits_error *draw_text(struct drawing *drawing, char letter, const char *parents,
                      const char *file, const char *text)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(drawing->temp.repo, "commit", &operation));
    if (file != NULL)
        TRY(temp_repo_set(operation, file, text));
    TRY(write_commit(drawing, operation, letter, parents));
    drawing->temp.now += 60;
    TRY(operation_set_ref(operation, "refs/heads/main",
                          &operation_head(operation)->commit,
                          &drawing->ids[(int)letter], "drawn"));
    return operation_commit(operation);
}

dits_error *draw(struct drawing *drawing, char letter, const char *parents,
                 const char *file)
{
    const char text[2] = {letter, '\0'};
    return draw_text(drawing, letter, parents, file, text);
}

dits_error *branch_at(struct drawing *drawing, const char *name, char letter)
{
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(&drawing->ids[(int)letter], hex);
    return dits_branch_create(drawing->temp.repo, name, hex, false);
}

dits_error *tag_at(struct drawing *drawing, const char *name, char letter,
                   const char *message)
{
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(&drawing->ids[(int)letter], hex);
    const struct dits_tag_options options = {
        .name = name, .target = hex, .message = message};
    return dits_tag_create(drawing->temp.repo, &options);
}

char drawing_letter(const struct drawing *drawing, const struct dits_oid *id)
{
    for (int letter = 1; letter < 128; letter++) {
        if (dits_oid_equal(&drawing->ids[letter], id))
            return (char)letter;
    }
    return '?';
}
