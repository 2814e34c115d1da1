#include "media/wrap/deflate_match.h"

#include <string.h>

#include "base/mem.h"
#include "media/wrap/plain_reader.h"
#include "media/wrap/recoder.h"

enum {
    /*
     * Enough to tell encoders apart, little enough to try them all. An encoder
     * gives nothing out before its first block is complete, so that both count.
     */
    PREFIX_PLAIN = 400 * 1024,
    PREFIX_CODED = 16 * 1024,
    PIECE_BYTES = 4096,
    /* Candidates that fit the prefix and are tried on everything. */
    MAX_FULL_RUNS = 3,
};

/*
 * What editors use comes first: over 600 streams of Premiere, Resolve, Krita,
 * Ableton and After Effects, the first four were enough.
 */
static const struct deflate_params candidates[] = {
    {6, 8}, {9, 8}, {6, 9}, {9, 9}, {1, 8}, {5, 8},
    {4, 8}, {7, 8}, {8, 8}, {3, 8}, {2, 8},
};

enum { CANDIDATES = sizeof(candidates) / sizeof(candidates[0]) };

/* One try: what is coded again, against what is there. */
struct trial {
    const dits_context *context;
    struct source *source;
    const struct wrap_member *member;
    struct plain_reader plain;
    struct recoder recoder;
    uint64_t filled; /* plain bytes given to it */
    uint8_t *made;
    uint8_t *there;
};

static void trial_release(struct trial *trial)
{
    plain_reader_release(&trial->plain);
    recoder_release(&trial->recoder);
    mem_free(trial->made);
    mem_free(trial->there);
}

static dits_error *fill(void *payload, size_t size, uint8_t *out)
{
    struct trial *trial = payload;
    size_t got = 0;
    if (trial->context != NULL)
        TRY(context_check(trial->context));
    TRY(plain_reader_read(&trial->plain, size, out, &got));
    trial->filled += got;
    return got == size ? NULL
                       : error_new(DITS_E_CORRUPT, "a member is too short");
}

static dits_error *trial_init(struct trial *trial, struct deflate_params params)
{
    trial->made = mem_new_array(uint8_t, PIECE_BYTES);
    trial->there = mem_new_array(uint8_t, PIECE_BYTES);
    if (trial->made == NULL || trial->there == NULL)
        return error_nomem();
    TRY(plain_reader_init(&trial->plain, trial->source, trial->member->offset,
                          trial->member->coded_size));
    return recoder_init(&trial->recoder, params, trial->member->plain_size,
                        fill, trial);
}

/* Whether `size` coded bytes, at `done`, are there in the file. */
static dits_error *is_there(struct trial *trial, uint64_t done, size_t size,
                            bool *out)
{
    uint64_t left = trial->member->coded_size - done;
    *out = false;
    if (size > left)
        return NULL;
    TRY(trial->source->read_at(trial->source, trial->member->offset + done,
                               size, trial->there));
    *out = memcmp(trial->made, trial->there, size) == 0;
    return NULL;
}

/* Whether the coded stream and the plain one end together, as they say. */
static dits_error *ends_well(struct trial *trial, uint64_t done, bool *out)
{
    uint8_t more = 0;
    size_t got = 0;
    TRY(plain_reader_read(&trial->plain, 1, &more, &got));
    *out = got == 0 && done == trial->member->coded_size &&
           trial->plain.coded_used == done;
    return NULL;
}

static bool is_past_prefix(const struct trial *trial, uint64_t done)
{
    return trial->filled >= PREFIX_PLAIN && done >= PREFIX_CODED;
}

/* Whether one candidate makes what is there: all of it, or a prefix. */
static dits_error *run(struct trial *trial, struct deflate_params params,
                       bool prefix, bool *out)
{
    uint64_t done = 0;
    size_t size = 0;
    *out = true;
    TRY(trial_init(trial, params));
    do {
        if (prefix && is_past_prefix(trial, done))
            return NULL;
        TRY(recoder_read(&trial->recoder, PIECE_BYTES, trial->made, &size));
        if (size > 0)
            TRY(is_there(trial, done, size, out));
        done += size;
    } while (*out && size == PIECE_BYTES);
    return *out ? ends_well(trial, done, out) : NULL;
}

/* The same, where damage is an answer. */
static dits_error *try_candidate(const dits_context *context,
                                 struct source *source,
                                 const struct wrap_member *member,
                                 struct deflate_params params, bool prefix,
                                 bool *out)
{
    CLEANUP(trial_release)
    struct trial trial = {
        .context = context, .source = source, .member = member};
    dits_error *err = run(&trial, params, prefix, out);
    if (!dits_error_has(err, DITS_E_CORRUPT))
        return err;
    dits_error_free(err); /* not what it says, so it does not fit */
    *out = false;
    return NULL;
}

static bool is_same(struct deflate_params a, struct deflate_params b)
{
    return a.level == b.level && a.memory == b.memory;
}

dits_error *deflate_match(const dits_context *context, struct source *source,
                          const struct wrap_member *member,
                          struct deflate_params *hint, bool *out_found)
{
    bool is_long = member->plain_size > (uint64_t)2 * PREFIX_PLAIN;
    size_t first = deflate_params_valid(*hint) ? 0 : 1;
    struct deflate_params known = *hint;
    unsigned full_runs = 0;
    *out_found = false;
    for (size_t i = first; i <= CANDIDATES && !*out_found; i++) {
        struct deflate_params params = i == 0 ? known : candidates[i - 1];
        bool fits = true;
        if (i > 0 && first == 0 && is_same(params, known))
            continue;
        if (is_long)
            TRY(try_candidate(context, source, member, params, true, &fits));
        if (!fits || (is_long && full_runs == MAX_FULL_RUNS))
            continue;
        full_runs++;
        TRY(try_candidate(context, source, member, params, false, out_found));
        if (*out_found)
            *hint = params;
    }
    return NULL;
}
