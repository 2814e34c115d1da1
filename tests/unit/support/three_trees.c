#include "support/three_trees.h"

#include <stdio.h>
#include <string.h>

#include "repo/attributes.h"
#include "support/tree_text.h"

dits_error *three_trees_open(struct three_trees *out)
{
    TRY(temp_repo_make(&out->temp));
    TRY(store_writer_begin(out->temp.repo->store, &out->writer));
    out->rules = (struct merge_rules){.repo = out->temp.repo,
                                      .writer = out->writer,
                                      .labels = {"base", "HEAD", "other"}};
    return NULL;
}

void three_trees_release(struct three_trees *three)
{
    attributes_free(three->rules.attributes);
    store_writer_free(three->writer);
    temp_repo_release(&three->temp);
}

dits_error *three_trees_store(struct three_trees *three,
                              const char *const texts[STAGE_COUNT])
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        TRY(tree_text_store(three->writer, texts[i], &three->trees[i]));
    attributes_free(three->rules.attributes);
    three->rules.attributes = NULL;
    return attributes_of_tree(three->temp.repo, &three->trees[STAGE_OURS],
                              &three->rules.attributes);
}

static const char *word_for(const struct merge_outcome *outcome)
{
    static const char *const words[] = {
        "auto ",          "content ",       "both-added ",  "deleted ",
        "rename-delete ", "rename-rename ", "file-folder ",
    };
    return outcome->is_told || outcome->is_conflict ? words[outcome->kind] : "";
}

/*
 * "path=result"; of a conflict "kind path<old>other=result/file [b o t]", with
 * '!' where our side is the one that is meant.
 */
dits_error *three_trees_show(struct three_trees *three,
                             const struct merge_outcome *outcome,
                             struct buf *out)
{
    dits_repo *repo = three->temp.repo;
    TRY(buf_printf(out, "%s%s", word_for(outcome), outcome->path));
    if (outcome->old_path != NULL)
        TRY(buf_printf(out, "<%s", outcome->old_path));
    if (outcome->other != NULL)
        TRY(buf_printf(out, ">%s", outcome->other));
    TRY(tree_text_show_side(repo, &outcome->result, out));
    if (!outcome->is_conflict)
        return buf_put_text(out, "\n");
    TRY(buf_put_text(out, "/"));
    TRY(tree_text_show_side(repo, &outcome->file, out));
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        TRY(buf_put_text(out, i == 0 ? " [" : " "));
        TRY(tree_text_show_side(repo, &outcome->stages[i], out));
    }
    return buf_put_text(out, outcome->is_ours ? "]!\n" : "]\n");
}

/* What an outcome says of our tree is so. */
static dits_error *check_here(struct three_trees *three,
                              const struct merge_outcome *outcome)
{
    struct tree_entry entry = {0};
    bool found = false;
    TRY(tree_find(three->temp.repo->store, &three->trees[STAGE_OURS],
                  outcome->path, &entry, &found));
    bool is_file = found && entry.mode != TREE_FOLDER;
    struct change_side side = change_side_of(is_file ? &entry : NULL);
    return change_side_equal(&side, &outcome->here)
               ? NULL
               : error_new(DITS_E_INVALID, "'%s' is not as ours has it",
                           outcome->path);
}

static dits_error *run_case(struct three_trees *three,
                            const struct merge_case *wanted, struct buf *out)
{
    CLEANUP(merge_plan_release) struct merge_plan plan = {0};
    CLEANUP(merge_outcomes_release) struct merge_outcomes outcomes = {0};
    TRY(three_trees_store(three, wanted->trees));
    TRY(merge_plan_make(three->temp.repo, three->trees, &plan));
    TRY(merge_decide(&three->rules, three->trees, &plan, &outcomes));
    TRY(store_writer_commit(three->writer));
    for (size_t i = 0; i < outcomes.count; i++) {
        TRY(check_here(three, &outcomes.items[i]));
        TRY(three_trees_show(three, &outcomes.items[i], out));
    }
    return NULL;
}

bool three_trees_all(struct three_trees *three, const struct merge_case *cases,
                     size_t count)
{
    bool all = true;
    for (size_t i = 0; i < count; i++) {
        CLEANUP(buf_release) struct buf text = {0};
        CLEANUP(dits_error_freep)
        dits_error *err = run_case(three, &cases[i], &text);
        if (err == NULL && strcmp(buf_text(&text), cases[i].expected) == 0)
            continue;
        printf("# %s\n# %s\n# %s\n%s%s", cases[i].trees[STAGE_BASE],
               cases[i].trees[STAGE_OURS], cases[i].trees[STAGE_THEIRS],
               err != NULL ? dits_error_message(err) : "", buf_text(&text));
        all = false;
    }
    return all;
}
