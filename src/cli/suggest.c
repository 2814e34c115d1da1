#include "cli/suggest.h"

#include <string.h>

enum { LONGEST = 40 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/*
 * Edits that turn `a` into `b`: letters added, dropped, replaced, or two
 * neighbours swapped, which is what fingers do. Both at most LONGEST long.
 */
static size_t edits_between(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 1] = {{0}};
    size_t width = strlen(b);
    for (size_t k = 0; k <= width; k++)
        rows[0][k] = k;

    size_t height = strlen(a);
    for (size_t i = 1; i <= height; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *before = rows[(i + 1) % 3]; /* two above */
        now[0] = i;
        for (size_t k = 1; k <= width; k++) {
            size_t replaced = above[k - 1] + (a[i - 1] != b[k - 1]);
            now[k] = least(least(above[k], now[k - 1]) + 1, replaced);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                now[k] = least(now[k], before[k - 2] + 1);
        }
    }
    return rows[height % 3][width];
}

struct suggestion suggestion_for(const char *typed)
{
    return (struct suggestion){.typed = typed, .distance = SIZE_MAX};
}

void suggestion_offer(struct suggestion *best, const char *name)
{
    size_t length = strlen(best->typed);
    if (length > LONGEST || strlen(name) > LONGEST)
        return;
    /* Up to a third may be wrong: more would be guessing. */
    size_t distance = edits_between(best->typed, name);
    if (distance <= (length + 2) / 3 && distance < best->distance) {
        best->name = name;
        best->distance = distance;
    }
}
