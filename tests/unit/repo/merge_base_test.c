#include "repo/merge_base.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "object/tree.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

enum { NODES_MAX = 14 };

/* A history of small numbers; parents are smaller than their children. */
struct graph {
    struct temp_repo temp;
    struct store_writer *writer;
    struct dits_oid ids[NODES_MAX];
    uint32_t reach[NODES_MAX]; /* bits of the ancestors, and of itself */
    unsigned count;
};

static void graph_release(struct graph *graph)
{
    store_writer_free(graph->writer);
    temp_repo_release(&graph->temp);
}

static dits_error *graph_open(struct graph *graph)
{
    TRY(temp_repo_make(&graph->temp));
    return store_writer_begin(graph->temp.repo->store, &graph->writer);
}

/* `parents`: their bits. */
static dits_error *add_node(struct graph *graph, uint32_t parents, int64_t time)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf message = {0};
    unsigned number = graph->count++;
    tree_empty_id(&commit.tree);
    commit.parents = mem_new_array(struct dits_oid, NODES_MAX);
    if (commit.parents == NULL)
        return error_nomem();
    graph->reach[number] = 1u << number;
    for (unsigned i = 0; i < number; i++)
        if ((parents >> i & 1) != 0) {
            commit.parents[commit.parent_count++] = graph->ids[i];
            graph->reach[number] |= graph->reach[i];
        }
    TRY(text_copy("Ada", &commit.author.name));
    TRY(text_copy("ada@example.com", &commit.author.email));
    commit.author.time = time;
    TRY(person_copy(&commit.author, &commit.committer));
    TRY(buf_printf(&message, "%u\n", number));
    TRY(buf_take_text(&message, &commit.message));
    return commit_store(graph->writer, &commit, &graph->ids[number]);
}

/* By the definition. */
static uint32_t naive(const struct graph *graph, unsigned a, unsigned b)
{
    uint32_t common = graph->reach[a] & graph->reach[b];
    uint32_t best = common;
    for (unsigned i = 0; i < graph->count; i++)
        if ((common >> i & 1) != 0)
            best &= ~(graph->reach[i] & ~(1u << i));
    return best;
}

static dits_error *found(struct graph *graph, unsigned a, unsigned b,
                         uint32_t *out)
{
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    *out = 0;
    TRY(merge_bases_find(graph->temp.repo, &graph->ids[a], &graph->ids[b],
                         &bases));
    for (size_t i = 0; i < bases.count; i++)
        for (unsigned n = 0; n < graph->count; n++)
            if (dits_oid_equal(&bases.ids[i], &graph->ids[n]))
                *out ^= 1u << n; /* twice the same is wrong too */
    return NULL;
}

static dits_error *compare_all(struct graph *graph, bool *out_same)
{
    *out_same = true;
    for (unsigned a = 0; a < graph->count && *out_same; a++)
        for (unsigned b = 0; b < graph->count && *out_same; b++) {
            uint32_t bases = 0;
            TRY(found(graph, a, b, &bases));
            *out_same = bases == naive(graph, a, b);
        }
    return NULL;
}

/* Up to three parents, among the last ones mostly; now and then a root. */
static uint32_t random_parents(unsigned number)
{
    uint32_t parents = 0;
    for (int i = rand() % 4; i > 0 && number > 0; i--) {
        unsigned back = 1 + (unsigned)rand() % (rand() % 4 != 0 ? 4 : number);
        parents |= 1u << (back > number ? 0 : number - back);
    }
    return parents;
}

static dits_error *make_random(struct graph *graph, bool clocks_go_back)
{
    graph->count = 0;
    for (unsigned i = 0; i < NODES_MAX; i++) {
        int64_t time = 1000 + (clocks_go_back ? rand() % 20 : (int)i / 3);
        TRY(add_node(graph, random_parents(i), time));
    }
    return store_writer_commit(graph->writer);
}

TEST(bases_are_those_of_the_definition)
{
    CLEANUP(graph_release) struct graph graph = {0};
    CHECK_OK(graph_open(&graph));
    srand(1);
    for (unsigned round = 0; round < 60; round++) {
        bool same = false;
        CHECK_OK(make_random(&graph, round % 2 == 1));
        CHECK_OK(compare_all(&graph, &same));
        CHECK(same);
    }
}

/* 0 - 1 - 2, crossed: 3 and 4 each on 1 and 2; a root of its own. */
static dits_error *make_crossed(struct graph *graph)
{
    TRY(add_node(graph, 0, 10));
    TRY(add_node(graph, 1, 20));
    TRY(add_node(graph, 1, 30));
    TRY(add_node(graph, 6, 40));
    TRY(add_node(graph, 6, 50));
    TRY(add_node(graph, 0, 60));
    return store_writer_commit(graph->writer);
}

TEST(several_bases_come_newest_first)
{
    CLEANUP(graph_release) struct graph graph = {0};
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    CHECK_OK(graph_open(&graph));
    CHECK_OK(make_crossed(&graph));
    CHECK_OK(merge_bases_find(graph.temp.repo, &graph.ids[3], &graph.ids[4],
                              &bases));
    CHECK(bases.count == 2);
    CHECK(dits_oid_equal(&bases.ids[0], &graph.ids[2]));
    CHECK(dits_oid_equal(&bases.ids[1], &graph.ids[1]));
}

TEST(unrelated_histories_have_none)
{
    CLEANUP(graph_release) struct graph graph = {0};
    uint32_t bases = 1;
    CHECK_OK(graph_open(&graph));
    CHECK_OK(make_crossed(&graph));
    CHECK_OK(found(&graph, 4, 5, &bases));
    CHECK(bases == 0);
}

TEST(what_is_no_commit_is_an_error)
{
    CLEANUP(graph_release) struct graph graph = {0};
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    struct dits_oid nothing = {{9}};
    CHECK_OK(graph_open(&graph));
    CHECK_OK(make_crossed(&graph));
    CHECK_FAILS(DITS_E_NOT_FOUND, merge_bases_find(graph.temp.repo, &nothing,
                                                   &graph.ids[1], &bases));
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(graph_release) struct graph graph = {0};
    uint32_t bases = 0;
    CHECK_OK(graph_open(&graph));
    CHECK_OK(make_crossed(&graph));
    CHECK_OK(found(&graph, 3, 4, &bases));
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = found(&graph, 3, 4, &bases);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(mem_fault_live() == live);
    }
    CHECK(bases == 6);
}
