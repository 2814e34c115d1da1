/*
 * Reading all packs again and again, a part at a time. How far it came is kept
 * in meta.db every few seconds, so that a run which is killed loses those.
 */
#include <dits/maintenance.h>

#include <inttypes.h>

#include "base/progress.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/scrub_row.h"

#define DEFAULT_INTERVAL "30 days"

enum { SAVE_MS = 5000 };

struct scrub {
    dits_repo *repo;
    const struct dits_scrub_options *options;
    struct scrub_row row;
    struct store_scrub_totals before; /* of the round, by earlier runs */
    struct store_scrub_totals run;
    struct dits_fsck_result healing;
    struct progress progress;
    uint64_t told_bytes; /* of progress */
    int64_t began_ms;
    int64_t next_save_ms;
};

static int64_t now_ms(void)
{
    return fs_now_ns() / 1000000;
}

static dits_error *lock_scrub(const dits_repo *repo, struct fs_file *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, "verify.lock", &path));
    dits_error *err = fs_lock(path, FS_LOCK_EXCLUSIVE, 0, out);
    if (dits_error_has(err, DITS_E_LOCKED))
        return error_hint(error_wrap(err, "another verify is at work"),
                          "See 'dits verify --status'.");
    return err;
}

static dits_error *is_due(const dits_repo *repo, const struct scrub_row *row,
                          bool *out)
{
    int64_t before = 0;
    TRY(config_expiry(repo, "maintenance.verifyinterval", DEFAULT_INTERVAL,
                      &before));
    *out = before != INT64_MIN && (row->started != 0 || row->ended <= before);
    return NULL;
}

static dits_error *report(const struct scrub *scrub,
                          const struct dits_oid *object, const char *what)
{
    char hex[DITS_OID_HEX_SIZE] = {0};
    if (object != NULL)
        dits_oid_hex(object, hex);
    const struct dits_fsck_finding finding = {
        .level = DITS_FSCK_DAMAGE,
        .what = what,
        .object = object != NULL ? hex : NULL,
    };
    return scrub->options->on_finding != NULL
               ? scrub->options->on_finding(&finding, scrub->options->payload)
               : NULL;
}

static dits_error *on_damage(const struct store_damage *damage, void *payload)
{
    const struct scrub *scrub = payload;
    CLEANUP(buf_release) struct buf text = {0};
    char hex[DITS_OID_HEX_SIZE] = {0};
    if (damage->what != STORE_DAMAGE_CHUNK) {
        TRY(buf_printf(&text, "pack %.12s is damaged at %" PRIu64 ": %s",
                       damage->pack, damage->offset, damage->reason));
        return report(scrub, NULL, buf_text(&text));
    }
    dits_oid_hex(&damage->id, hex);
    TRY(buf_printf(&text, "%s %.12s in pack %.12s is damaged",
                   chunk_kind_name(damage->kind), hex, damage->pack));
    return report(scrub, &damage->id, buf_text(&text));
}

static void add_up(struct scrub *scrub)
{
    scrub->row.totals.chunks = scrub->before.chunks + scrub->run.chunks;
    scrub->row.totals.bytes = scrub->before.bytes + scrub->run.bytes;
    scrub->row.totals.damages = scrub->before.damages + scrub->run.damages;
}

static dits_error *on_pause(const struct store_scrub_place *place,
                            const struct store_scrub_totals *totals, bool *stop,
                            void *payload)
{
    struct scrub *scrub = payload;
    int64_t now = now_ms();
    uint64_t max = scrub->options->max_seconds;
    (void)place; /* it is that of the row */
    progress_add(&scrub->progress, totals->bytes - scrub->told_bytes, 0, NULL);
    scrub->told_bytes = totals->bytes;
    *stop = max != 0 && (uint64_t)(now - scrub->began_ms) >= max * 1000;
    if (now < scrub->next_save_ms)
        return NULL;
    scrub->next_save_ms = now + SAVE_MS;
    add_up(scrub);
    return scrub_row_save(scrub->repo, &scrub->row);
}

/* The row says that a round goes on before anything is read. */
static dits_error *begin_round(struct scrub *scrub)
{
    if (scrub->row.started != 0)
        return NULL;
    scrub->row.started = context_now(scrub->repo->context);
    scrub->row.place = (struct store_scrub_place){0};
    scrub->row.totals = (struct store_scrub_totals){0};
    return scrub_row_save(scrub->repo, &scrub->row);
}

static dits_error *end_round(struct scrub *scrub, bool ended)
{
    add_up(scrub);
    if (ended) {
        scrub->row.cycle++;
        scrub->row.started = 0;
        scrub->row.ended = context_now(scrub->repo->context);
        scrub->row.last_damages = scrub->row.totals.damages;
    }
    return scrub_row_save(scrub->repo, &scrub->row);
}

static dits_error *read_packs(struct scrub *scrub, bool *out_ended)
{
    const struct store_scrub_options wanted = {
        .bytes_per_second = scrub->options->bytes_per_second,
        .on_damage = on_damage,
        .on_pause = on_pause,
        .payload = scrub,
    };
    struct store *store = scrub->repo->store;
    uint64_t done = 0;
    uint64_t total = 0;
    TRY(store_scrub_measure(store, &scrub->row.place, &done, &total));
    scrub->began_ms = now_ms();
    scrub->next_save_ms = scrub->began_ms + SAVE_MS;
    progress_begin(&scrub->progress, scrub->repo->context, "verifying packs",
                   total - done, 0);
    dits_error *err =
        store_scrub(store, &wanted, &scrub->row.place, &scrub->run, out_ended);
    progress_end(&scrub->progress);
    return err;
}

/*
 * What was found is in quarantine: fsck sees what it touches and mends it. At
 * the end of a round also what a run found that was killed before this.
 */
static dits_error *heal(struct scrub *scrub, bool ended)
{
    const struct dits_fsck_options wanted = {
        .repair = true,
        .on_finding = scrub->options->on_finding,
        .payload = scrub->options->payload,
    };
    if (scrub->run.damages == 0 && (!ended || scrub->before.damages == 0))
        return NULL;
    return dits_fsck(scrub->repo, &wanted, &scrub->healing);
}

static dits_error *run(struct scrub *scrub, struct dits_scrub_result *out)
{
    bool ended = false;
    TRY(begin_round(scrub));
    scrub->before = scrub->row.totals;
    dits_error *err = read_packs(scrub, &ended);
    dits_error *save_err = end_round(scrub, err == NULL && ended);
    if (err != NULL) {
        dits_error_free(save_err); /* the first failure counts */
        return err;
    }
    TRY(save_err);
    TRY(heal(scrub, ended));
    *out = (struct dits_scrub_result){
        .was_due = true,
        .ended = ended,
        .packs = scrub->run.packs,
        .chunks = scrub->run.chunks,
        .bytes = scrub->run.bytes,
        .damages = scrub->run.damages,
        .offline = scrub->run.offline,
        .lost = scrub->healing.damaged - scrub->healing.repaired,
    };
    return NULL;
}

dits_error *dits_scrub(dits_repo *repo,
                       const struct dits_scrub_options *options,
                       struct dits_scrub_result *out)
{
    static const struct dits_scrub_options defaults = {0};
    CLEANUP(fs_close) struct fs_file lock = {0};
    struct scrub scrub = {.repo = repo,
                          .options = options != NULL ? options : &defaults};
    bool due = false;
    *out = (struct dits_scrub_result){0};
    TRY(lock_scrub(repo, &lock));
    TRY(scrub_row_load(repo, &scrub.row));
    TRY(is_due(repo, &scrub.row, &due));
    if (scrub.options->if_due && !due)
        return NULL;
    return run(&scrub, out);
}

static dits_error *is_at_work(const dits_repo *repo, bool *out)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    dits_error *err = lock_scrub(repo, &lock);
    *out = dits_error_has(err, DITS_E_LOCKED);
    if (!*out)
        return err;
    dits_error_free(err); /* that was the question */
    return NULL;
}

dits_error *dits_scrub_status_get(dits_repo *repo,
                                  struct dits_scrub_status *out)
{
    struct dits_scrub_status status = {0};
    struct scrub_row row = {0};
    TRY(scrub_row_load(repo, &row));
    TRY(is_due(repo, &row, &status.is_due));
    TRY(is_at_work(repo, &status.at_work));
    status.rounds = row.cycle;
    status.started = row.started;
    status.ended = row.ended;
    status.last_damages = row.last_damages;
    if (row.started != 0) {
        status.damages = row.totals.damages;
        TRY(store_scrub_measure(repo->store, &row.place, &status.done_bytes,
                                &status.total_bytes));
    }
    *out = status;
    return NULL;
}
