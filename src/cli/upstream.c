#include "cli/upstream.h"

#include <inttypes.h>

static bool is_gone(const struct dits_upstream *upstream)
{
    return dits_oid_is_zero(&upstream->commit);
}

static const char *commits(uint64_t count)
{
    return count == 1 ? "commit" : "commits";
}

static const char *print_state(const struct dits_upstream *upstream,
                               const char *prefix, FILE *out)
{
    const char *name = upstream->name;
    uint64_t ahead = upstream->ahead;
    uint64_t behind = upstream->behind;
    if (is_gone(upstream)) {
        fprintf(out,
                "%sYour branch is based on '%s', but the upstream is gone.\n",
                prefix, name);
        return "use \"dits branch --unset-upstream\" to fixup";
    }
    if (ahead == 0 && behind == 0) {
        fprintf(out, "%sYour branch is up to date with '%s'.\n", prefix, name);
        return NULL;
    }
    if (behind == 0) {
        fprintf(out, "%sYour branch is ahead of '%s' by %" PRIu64 " %s.\n",
                prefix, name, ahead, commits(ahead));
        return "use \"dits push\" to publish your local commits";
    }
    if (ahead == 0) {
        fprintf(out,
                "%sYour branch is behind '%s' by %" PRIu64
                " %s, and can be fast-forwarded.\n",
                prefix, name, behind, commits(behind));
        return "use \"dits pull\" to update your local branch";
    }
    fprintf(out,
            "%sYour branch and '%s' have diverged,\n%sand have %" PRIu64
            " and %" PRIu64 " different commits each, respectively.\n",
            prefix, name, prefix, ahead, behind);
    return "use \"dits pull\" if you want to integrate the remote branch with "
           "yours";
}

void upstream_print(const struct dits_upstream *upstream, const char *prefix,
                    bool hints, FILE *out)
{
    if (upstream->name == NULL)
        return;
    const char *hint = print_state(upstream, prefix, out);
    if (hint != NULL && hints)
        fprintf(out, "%s  (%s)\n", prefix, hint);
    fprintf(out, "%s\n", prefix);
}

static dits_error *put_apart(const struct dits_upstream *upstream,
                             struct buf *out)
{
    if (is_gone(upstream))
        return buf_put_text(out, "gone");
    if (upstream->ahead > 0)
        TRY(buf_printf(out, "ahead %" PRIu64, upstream->ahead));
    if (upstream->ahead > 0 && upstream->behind > 0)
        TRY(buf_put_text(out, ", "));
    if (upstream->behind > 0)
        TRY(buf_printf(out, "behind %" PRIu64, upstream->behind));
    return NULL;
}

void upstream_print_apart(const struct dits_upstream *upstream,
                          const char *before, const char *after, FILE *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    dits_error *err = put_apart(upstream, &text);
    if (err == NULL && text.size > 0)
        fprintf(out, "%s%s%s", before, buf_text(&text), after);
    dits_error_free(err); /* no memory for a few words: they are left out */
}

dits_error *upstream_put_column(const struct dits_upstream *upstream,
                                bool with_name, struct buf *out)
{
    CLEANUP(buf_release) struct buf apart = {0};
    if (upstream->name == NULL)
        return NULL;
    TRY(put_apart(upstream, &apart));
    if (with_name)
        return buf_printf(out, "[%s%s%s] ", upstream->name,
                          apart.size > 0 ? ": " : "", buf_text(&apart));
    return apart.size > 0 ? buf_printf(out, "[%s] ", buf_text(&apart)) : NULL;
}

void upstream_put_json_counts(struct json *json,
                              const struct dits_upstream *upstream)
{
    if (is_gone(upstream)) {
        json_bool(json, "is_gone", true);
        return;
    }
    json_u64(json, "ahead", upstream->ahead);
    json_u64(json, "behind", upstream->behind);
}

void upstream_put_json(struct json *json, const struct dits_upstream *upstream)
{
    json_string(json, "upstream", upstream->name);
    upstream_put_json_counts(json, upstream);
}
