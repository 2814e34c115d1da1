#include "repo/refspec.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/ref_name.h"

void refspec_release(struct refspec *spec)
{
    mem_free(spec->source);
    mem_free(spec->target);
    *spec = (struct refspec){0};
}

void refspecs_release(struct refspecs *specs)
{
    for (size_t i = 0; i < specs->count; i++)
        refspec_release(&specs->items[i]);
    mem_free(specs->items);
    *specs = (struct refspecs){0};
}

static dits_error *bad(const char *text)
{
    return error_hint(
        error_new(DITS_E_INVALID, "'%s' is not a valid refspec", text),
        "It looks like 'main', 'main:copy' or "
        "'+refs/heads/*:refs/remotes/origin/*'.");
}

/* A name by the rules, when a letter stands in for its '*'. */
static dits_error *check_side(const char *side, bool *out_valid,
                              bool *out_pattern)
{
    CLEANUP(text_free) char *copy = NULL;
    const char *star = strchr(side, '*');
    *out_pattern = star != NULL;
    *out_valid = true;
    if (side[0] == '\0' || strcmp(side, REF_HEAD) == 0)
        return NULL;
    TRY(text_copy(side, &copy));
    if (star != NULL)
        copy[star - side] = 'x';
    *out_valid = ref_name_is_valid(copy);
    return NULL;
}

static dits_error *check(const char *text, struct refspec *spec,
                         bool any_source)
{
    bool valid = false;
    bool is_pattern = false;
    TRY(check_side(spec->source, &valid, &spec->is_pattern));
    if ((!valid && (spec->is_pattern || !any_source)) ||
        (spec->source[0] == '\0' && spec->target == NULL))
        return bad(text);
    if (spec->target == NULL)
        return NULL;
    TRY(check_side(spec->target, &valid, &is_pattern));
    bool differs = is_pattern != spec->is_pattern && spec->target[0] != '\0';
    return valid && !differs ? NULL : bad(text);
}

static dits_error *parse(const char *text, bool any_source, struct refspec *out)
{
    CLEANUP(refspec_release) struct refspec spec = {.force = text[0] == '+'};
    const char *source = text + (spec.force ? 1 : 0);
    const char *colon = strchr(source, ':');
    size_t length = colon != NULL ? (size_t)(colon - source) : strlen(source);
    TRY(text_copy_part(source, length, &spec.source));
    if (colon != NULL)
        TRY(text_copy(colon + 1, &spec.target));
    TRY(check(text, &spec, any_source));
    *out = MOVE(spec);
    return NULL;
}

dits_error *refspec_parse(const char *text, struct refspec *out)
{
    return parse(text, false, out);
}

dits_error *refspec_parse_push(const char *text, struct refspec *out)
{
    return parse(text, true, out);
}

/* "refs/heads/main" by a star for "main". */
static dits_error *map(const char *from, const char *to, const char *name,
                       struct buf *out, bool *out_matches)
{
    const char *star = strchr(from, '*');
    const char *to_star = to != NULL ? strchr(to, '*') : NULL;
    if (star == NULL) {
        *out_matches = strcmp(from, name) == 0;
        return *out_matches && to != NULL ? buf_put_text(out, to) : NULL;
    }
    size_t before = (size_t)(star - from);
    size_t after = strlen(star + 1);
    size_t length = strlen(name);
    *out_matches = length > before + after &&
                   strncmp(name, from, before) == 0 &&
                   strcmp(name + length - after, star + 1) == 0;
    if (!*out_matches || to_star == NULL)
        return NULL;
    TRY(buf_put(out, to, (size_t)(to_star - to)));
    TRY(buf_put(out, name + before, length - before - after));
    return buf_put_text(out, to_star + 1);
}

dits_error *refspec_map(const struct refspec *spec, const char *name,
                        struct buf *out, bool *out_matches)
{
    return map(spec->source, spec->target, name, out, out_matches);
}

dits_error *refspec_map_back(const struct refspec *spec, const char *target,
                             struct buf *out, bool *out_matches)
{
    *out_matches = false;
    if (spec->target == NULL)
        return NULL;
    return map(spec->target, spec->source, target, out, out_matches);
}

dits_error *refspecs_add(struct refspecs *specs, const char *text)
{
    struct refspec *items = array_grown(specs->items, specs->count,
                                        &specs->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    specs->items = items;
    TRY(refspec_parse(text, &specs->items[specs->count]));
    specs->count++;
    return NULL;
}
