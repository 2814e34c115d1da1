#include "cli/log_walk.h"

#include <string.h>

#include <dits/diff.h>

#include "base/mem.h"

void log_walk_release(struct log_walk *walk)
{
    commit_style_release(&walk->style);
    graph_free(walk->graph);
    shown_release(&walk->shown);
}

static void diff_freep(dits_diff **diff)
{
    dits_diff_free(*diff);
}

/* What the commit changed against its first parent; merges show nothing. */
static dits_error *print_changes(struct log_walk *walk,
                                 const dits_commit *commit, FILE *out)
{
    char id[DITS_OID_HEX_SIZE] = {0};
    char parent[DITS_OID_HEX_SIZE] = {0};
    CLEANUP(diff_freep) dits_diff *diff = NULL;
    size_t parents = dits_commit_parent_count(commit);
    struct dits_diff_options wanted = {
        .from = {.kind = DITS_DIFF_EMPTY},
        .to = {.kind = DITS_DIFF_REVISION, .revision = id},
        .paths = walk->paths,
    };
    if (parents > 1)
        return NULL;
    dits_oid_hex(dits_commit_id(commit), id);
    if (parents == 1) {
        dits_oid_hex(dits_commit_parent(commit, 0), parent);
        wanted.from = (struct dits_diff_side){.kind = DITS_DIFF_REVISION,
                                              .revision = parent};
    }
    TRY(dits_diff_new(walk->cli->repo, &wanted, &diff));
    if (dits_diff_count(diff) == 0)
        return NULL;
    if (walk->style.form != COMMIT_ONELINE)
        fputc('\n', out);
    return diff_text_print(walk->cli, diff, &walk->changes, out);
}

/* Print `text` with the graph's lines before each of its own. */
static dits_error *print_beside_graph(struct log_walk *walk, const char *text)
{
    while (*text != '\0' || graph_is_open(walk->graph)) {
        CLEANUP(buf_release) struct buf line = {0};
        size_t length = strcspn(text, "\n");
        TRY(graph_line(walk->graph, &line));
        TRY(buf_put(&line, text, length));
        while (line.size > 0 && line.data[line.size - 1] == ' ')
            line.data[--line.size] = '\0';
        fprintf(walk->cli->out, "%s\n", buf_text(&line));
        text += length + (text[length] == '\n');
    }
    return NULL;
}

/* The commit's parents, or what stands for them among those shown. */
static dits_error *next_in_graph(struct log_walk *walk,
                                 const dits_commit *commit)
{
    struct dits_oid parents[64] = {{{0}}}; /* a terminal is not wider */
    size_t most = sizeof(parents) / sizeof(parents[0]);
    size_t count = 0;
    for (size_t i = 0; i < dits_commit_parent_count(commit); i++) {
        struct dits_oid *parent = &parents[count];
        if (count == most)
            break;
        *parent = *dits_commit_parent(commit, i);
        if (walk->is_filtered)
            TRY(shown_ancestor(&walk->shown, walk->cli->repo, parent, parent));
        count += !dits_oid_is_zero(parent);
    }
    return graph_next(walk->graph, dits_commit_id(commit), parents, count);
}

static void memory_free(char **memory)
{
    mem_free(*memory);
}

/* The changes of a commit are printed into memory to stand beside a graph. */
static dits_error *put_changes(struct log_walk *walk, const dits_commit *commit,
                               struct buf *out)
{
    CLEANUP(memory_free) char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return error_nomem();
    dits_error *err = print_changes(walk, commit, stream);
    if (fclose(stream) != 0 && err == NULL)
        err = error_nomem();
    TRY(err);
    return buf_put(out, text, size);
}

dits_error *log_walk_show(const dits_commit *commit, void *payload)
{
    struct log_walk *walk = payload;
    struct cli *cli = walk->cli;
    CLEANUP(buf_release) struct buf text = {0};
    if (cli->json)
        return commit_text_json(cli, &walk->style, commit);
    TRY(commit_text_put(cli, &walk->style, commit, &text));
    bool has_gap = walk->has_gap && !walk->is_first;
    walk->is_first = false;
    if (walk->graph == NULL) {
        fprintf(cli->out, "%s%s", has_gap ? "\n" : "", buf_text(&text));
        return walk->shows_changes ? print_changes(walk, commit, cli->out)
                                   : NULL;
    }
    if (has_gap)
        TRY(print_beside_graph(walk, "\n"));
    TRY(next_in_graph(walk, commit));
    if (walk->shows_changes)
        TRY(put_changes(walk, commit, &text));
    return print_beside_graph(walk, buf_text(&text));
}
