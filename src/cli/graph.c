#include "cli/graph.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "cli/color.h"

/*
 * The graph is made of lanes, two characters wide. A lane leads down to one
 * commit, which no other lane leads to. Between two commits every line moves
 * from the lane it was in to the lane it will be in, one lane in each row:
 *
 *     staying '|'     to the right '\'     to the left '/'     crossing 'X'
 */
struct lane {
    struct dits_oid commit; /* that it leads to */
    unsigned color;
};

struct edge {
    size_t from; /* lane, now */
    size_t to;   /* lane, in the end */
    unsigned color;
};

struct graph {
    bool colors;
    bool is_star_due; /* the next row is the commit's own */
    size_t star;      /* its lane */
    unsigned next_color;
    size_t width; /* lanes, of the widest row of this commit */

    struct lane *lanes; /* below the commit */
    size_t lane_count;
    size_t lane_capacity;

    struct edge *edges; /* from above the commit to below it */
    size_t edge_count;
    size_t edge_capacity;

    struct lane *above; /* the lanes above the commit, its own included */
    size_t above_count;
    size_t above_capacity;
};

dits_error *graph_new(bool colors, struct graph **out)
{
    struct graph *graph = mem_new(struct graph);
    if (graph == NULL)
        return error_nomem();
    graph->colors = colors;
    *out = graph;
    return NULL;
}

void graph_free(struct graph *graph)
{
    if (graph == NULL)
        return;
    mem_free(graph->lanes);
    mem_free(graph->edges);
    mem_free(graph->above);
    mem_free(graph);
}

void graph_freep(struct graph **graph)
{
    graph_free(*graph);
}

static dits_error *add_lane(struct graph *graph, size_t at,
                            const struct dits_oid *commit, unsigned color)
{
    struct lane *lanes = array_grown(graph->lanes, graph->lane_count,
                                     &graph->lane_capacity, sizeof(*lanes));
    if (lanes == NULL)
        return error_nomem();
    graph->lanes = lanes;
    memmove(&graph->lanes[at + 1], &graph->lanes[at],
            (graph->lane_count - at) * sizeof(struct lane));
    graph->lanes[at] = (struct lane){.commit = *commit, .color = color};
    graph->lane_count++;
    return NULL;
}

static void remove_lane(struct graph *graph, size_t at)
{
    graph->lane_count--;
    memmove(&graph->lanes[at], &graph->lanes[at + 1],
            (graph->lane_count - at) * sizeof(struct lane));
}

static size_t find_lane(const struct graph *graph, const struct dits_oid *id)
{
    for (size_t i = 0; i < graph->lane_count; i++)
        if (dits_oid_equal(&graph->lanes[i].commit, id))
            return i;
    return graph->lane_count;
}

static dits_error *add_edge(struct graph *graph, size_t from, size_t to,
                            unsigned color)
{
    struct edge *edges = array_grown(graph->edges, graph->edge_count,
                                     &graph->edge_capacity, sizeof(*edges));
    if (edges == NULL)
        return error_nomem();
    graph->edges = edges;
    graph->edges[graph->edge_count++] =
        (struct edge){.from = from, .to = to, .color = color};
    return NULL;
}

static dits_error *keep_above(struct graph *graph)
{
    struct lane *above = array_grown(graph->above, graph->lane_count,
                                     &graph->above_capacity, sizeof(*above));
    if (above == NULL)
        return error_nomem();
    graph->above = above;
    graph->above_count = graph->lane_count;
    memcpy(graph->above, graph->lanes, graph->lane_count * sizeof(struct lane));
    return NULL;
}

/*
 * Put the parents in the place of the commit's lane: the first one keeps the
 * colour, those that have a lane already get none.
 */
static dits_error *replace_with_parents(struct graph *graph,
                                        const struct dits_oid *parents,
                                        size_t count)
{
    unsigned first_color = graph->lanes[graph->star].color;
    size_t at = graph->star;
    remove_lane(graph, at);
    for (size_t i = 0; i < count; i++) {
        if (find_lane(graph, &parents[i]) < graph->lane_count)
            continue;
        unsigned lane_color = i == 0 ? first_color : graph->next_color++;
        TRY(add_lane(graph, at++, &parents[i], lane_color));
    }
    return NULL;
}

/* Every lane above leads on below; the commit's own leads to its parents. */
static dits_error *add_edges(struct graph *graph,
                             const struct dits_oid *parents, size_t count)
{
    graph->edge_count = 0;
    for (size_t i = 0; i < graph->above_count; i++) {
        const struct lane *lane = &graph->above[i];
        if (i != graph->star)
            TRY(add_edge(graph, i, find_lane(graph, &lane->commit),
                         lane->color));
        for (size_t k = 0; i == graph->star && k < count; k++) {
            size_t to = find_lane(graph, &parents[k]);
            TRY(add_edge(graph, i, to, graph->lanes[to].color));
        }
    }
    return NULL;
}

dits_error *graph_next(struct graph *graph, const struct dits_oid *id,
                       const struct dits_oid *parents, size_t parent_count)
{
    graph->star = find_lane(graph, id);
    if (graph->star == graph->lane_count)
        TRY(add_lane(graph, graph->lane_count, id, graph->next_color++));
    TRY(keep_above(graph));
    TRY(replace_with_parents(graph, parents, parent_count));
    TRY(add_edges(graph, parents, parent_count));
    graph->width = graph->above_count > graph->lane_count ? graph->above_count
                                                          : graph->lane_count;
    graph->is_star_due = true;
    return NULL;
}

/* A row is cells of one character each, two for a lane. */
struct cell {
    char mark;
    unsigned color;
};

static void draw(struct cell *cells, size_t at, char mark, unsigned lane_color)
{
    bool crosses = (cells[at].mark == '/' && mark == '\\') ||
                   (cells[at].mark == '\\' && mark == '/');
    if (crosses)
        mark = 'X';
    cells[at] = (struct cell){.mark = mark, .color = lane_color};
}

/* Two edges in one lane that lead to the same lane are one from here on. */
static void join_edges(struct graph *graph)
{
    size_t kept = 0;
    for (size_t i = 0; i < graph->edge_count; i++) {
        bool is_double = false;
        for (size_t k = 0; k < kept && !is_double; k++)
            is_double = graph->edges[k].from == graph->edges[i].from &&
                        graph->edges[k].to == graph->edges[i].to;
        if (!is_double)
            graph->edges[kept++] = graph->edges[i];
    }
    graph->edge_count = kept;
}

static void move_edges(struct graph *graph, struct cell *cells)
{
    for (size_t i = 0; i < graph->edge_count; i++) {
        struct edge *edge = &graph->edges[i];
        if (edge->to == edge->from)
            draw(cells, edge->from * 2, '|', edge->color);
        else if (edge->to > edge->from)
            draw(cells, edge->from++ * 2 + 1, '\\', edge->color);
        else
            draw(cells, edge->from-- * 2 - 1, '/', edge->color);
    }
    join_edges(graph);
}

static void draw_star(struct graph *graph, struct cell *cells)
{
    for (size_t i = 0; i < graph->above_count; i++)
        draw(cells, i * 2, '|', graph->above[i].color);
    cells[graph->star * 2].mark = '*';
    graph->is_star_due = false;
}

static dits_error *put_cells(const struct graph *graph,
                             const struct cell *cells, size_t count,
                             struct buf *out)
{
    static const enum color palette[] = {COLOR_RED,     COLOR_GREEN,
                                         COLOR_YELLOW,  COLOR_BLUE,
                                         COLOR_MAGENTA, COLOR_CYAN};
    for (size_t i = 0; i < count; i++) {
        char mark = ' ';
        if (cells[i].mark != '\0')
            mark = cells[i].mark;
        if (graph->colors && mark != ' ' && mark != '*')
            TRY(buf_printf(out, "%s%c%s",
                           color_sequence(palette[cells[i].color % 6]), mark,
                           color_sequence(COLOR_RESET)));
        else
            TRY(buf_put_u8(out, (uint8_t)mark));
    }
    return NULL;
}

static void cells_free(struct cell **cells)
{
    mem_free(*cells);
}

dits_error *graph_line(struct graph *graph, struct buf *out)
{
    size_t count = graph->width * 2;
    CLEANUP(cells_free)
    struct cell *cells = mem_new_array(struct cell, count + 1);
    if (cells == NULL)
        return error_nomem();
    if (graph->is_star_due)
        draw_star(graph, cells);
    else
        move_edges(graph, cells);
    return put_cells(graph, cells, count, out);
}

bool graph_is_open(const struct graph *graph)
{
    if (graph->is_star_due)
        return true;
    for (size_t i = 0; i < graph->edge_count; i++)
        if (graph->edges[i].from != graph->edges[i].to)
            return true;
    return false;
}
