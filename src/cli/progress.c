#include "cli/progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "cli/format.h"
#include "cli/terminal.h"
#include "screen/width.h"

enum {
    FIRST_AFTER_MS = 500,
    REDRAW_MS = 100,
    BAR_COLUMNS = 20,
    /* The rate is that of about the last five seconds: it follows a disk that
     * slows down, and does not jump with every block. */
    WINDOW_MS = 5000,
    SAMPLES = 16,
};

struct sample {
    int64_t time_ms;
    uint64_t done; /* bytes, or items where there are none */
};

struct progress {
    FILE *out;
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    const char *task; /* as told apart by address: it stays the same */
    int64_t started_ms;
    int64_t drawn_ms;
    bool is_shown;
    struct sample samples[SAMPLES]; /* a ring */
    size_t sample_count;
};

dits_error *progress_new(FILE *out, struct progress **out_progress)
{
    struct progress *progress = mem_new(struct progress);
    if (progress == NULL)
        return error_nomem();
    progress->out = out != NULL && terminal_is(out) ? out : NULL;
    pthread_mutex_init(&progress->mutex, NULL);
    *out_progress = progress;
    return NULL;
}

void progress_free(struct progress *progress)
{
    if (progress == NULL)
        return;
    progress_hide(progress);
    pthread_mutex_destroy(&progress->mutex);
    mem_free(progress);
}

void progress_freep(struct progress **progress)
{
    progress_free(*progress);
}

static void hide(struct progress *progress)
{
    if (progress->is_shown) {
        fputs("\r\033[K", progress->out);
        (void)fflush(progress->out);
    }
    progress->is_shown = false;
}

void progress_hide(struct progress *progress)
{
    if (progress == NULL)
        return;
    POOL_LOCKED(&progress->mutex);
    hide(progress);
}

static uint64_t done_of(const struct dits_progress *report)
{
    return report->done_bytes > 0 || report->total_bytes > 0
               ? report->done_bytes
               : report->done_items;
}

static uint64_t total_of(const struct dits_progress *report)
{
    return report->total_bytes > 0 ? report->total_bytes : report->total_items;
}

/* The oldest sample that is still in the window. */
static const struct sample *oldest(const struct progress *progress,
                                   int64_t now_ms)
{
    size_t count = progress->sample_count;
    size_t first = count > SAMPLES ? count - SAMPLES : 0;
    while (first + 1 < count &&
           now_ms - progress->samples[first % SAMPLES].time_ms > WINDOW_MS)
        first++;
    return &progress->samples[first % SAMPLES];
}

static struct progress_rate measure(struct progress *progress,
                                    const struct dits_progress *report,
                                    int64_t now_ms)
{
    struct progress_rate rate = {0};
    const struct sample *from = oldest(progress, now_ms);
    uint64_t done = done_of(report);
    if (now_ms <= from->time_ms || done <= from->done)
        return rate;

    double per_ms = (double)(done - from->done) /
                    (double)(now_ms - from->time_ms);
    if (report->done_bytes > 0)
        rate.bytes_per_second = (uint64_t)(per_ms * 1000.0);
    uint64_t total = total_of(report);
    rate.has_end = total >= done && total > 0;
    if (rate.has_end)
        rate.seconds_left =
            (uint64_t)((double)(total - done) / per_ms / 1000.0 + 0.5);
    return rate;
}

static dits_error *draw_amount(const struct dits_progress *report,
                               const struct progress_rate *rate,
                               struct buf *out)
{
    char a[FORMAT_SIZE] = {0};
    char b[FORMAT_SIZE] = {0};
    if (report->total_bytes > 0)
        TRY(buf_printf(out, " %s of %s", format_size(report->done_bytes, a),
                       format_size(report->total_bytes, b)));
    else if (report->done_bytes > 0)
        TRY(buf_printf(out, " %s", format_size(report->done_bytes, a)));
    else if (report->total_items > 0)
        TRY(buf_printf(out, " %s of %s", format_count(report->done_items, a),
                       format_count(report->total_items, b)));
    else
        TRY(buf_printf(out, " %s", format_count(report->done_items, a)));

    if (rate->bytes_per_second > 0)
        TRY(buf_printf(out, ", %s/s", format_size(rate->bytes_per_second, a)));
    if (rate->has_end)
        TRY(buf_printf(out, ", %s left",
                       format_duration(rate->seconds_left, a)));
    return NULL;
}

static dits_error *draw_bar(uint64_t done, uint64_t total, struct buf *out)
{
    double share = done < total ? (double)done / (double)total : 1.0;
    int filled = (int)(share * BAR_COLUMNS);
    TRY(buf_printf(out, " %3d%% [", (int)(share * 100.0)));
    for (int i = 0; i < BAR_COLUMNS; i++)
        TRY(buf_put_u8(out, i < filled ? '#' : ' '));
    return buf_put_text(out, "]");
}

dits_error *progress_draw(const struct dits_progress *report,
                          const struct progress_rate *rate, size_t columns,
                          struct buf *out)
{
    CLEANUP(buf_release) struct buf line = {0};
    CLEANUP(buf_release) struct buf amount = {0};
    uint64_t total = total_of(report);
    TRY(buf_put_text(&line, report->task));
    TRY(draw_amount(report, rate, &amount));
    /* What is in the way of a narrow terminal is left out, bar first. */
    if (total > 0 && line.size + amount.size + BAR_COLUMNS + 8 <= columns)
        TRY(draw_bar(done_of(report), total, &line));
    TRY(buf_put_text(&line, buf_text(&amount)));

    size_t used = width_of(buf_text(&line));
    if (used > columns)
        return width_cut_front(buf_text(&line), columns, out);
    TRY(buf_put_text(out, buf_text(&line)));
    if (report->item == NULL || columns < used + 10)
        return NULL;
    TRY(buf_put_text(out, "  "));
    return width_cut_front(report->item, columns - used - 2, out);
}

static void show(struct progress *progress, const struct dits_progress *report,
                 int64_t now_ms)
{
    CLEANUP(buf_release) struct buf line = {0};
    struct progress_rate rate = measure(progress, report, now_ms);
    size_t columns = terminal_width(progress->out) - 1;
    dits_error *err = progress_draw(report, &rate, columns, &line);
    if (err == NULL) {
        fprintf(progress->out, "\r%s\033[K", buf_text(&line));
        (void)fflush(progress->out);
        progress->is_shown = true;
    }
    dits_error_free(err); /* without memory the work goes on all the same */
}

static void start(struct progress *progress, const struct dits_progress *report,
                  int64_t now_ms)
{
    hide(progress);
    progress->task = report->task;
    progress->started_ms = now_ms;
    progress->sample_count = 0;
}

void progress_update(struct progress *progress,
                     const struct dits_progress *report, int64_t now_ms)
{
    if (progress->out == NULL)
        return;
    POOL_LOCKED(&progress->mutex);
    if (progress->task == NULL || strcmp(progress->task, report->task) != 0)
        start(progress, report, now_ms);
    if (report->finished) {
        hide(progress);
        progress->task = NULL;
        return;
    }

    const struct sample *last =
        &progress->samples[(progress->sample_count + SAMPLES - 1) % SAMPLES];
    if (progress->sample_count == 0 ||
        now_ms - last->time_ms >= WINDOW_MS / SAMPLES)
        progress->samples[progress->sample_count++ % SAMPLES] =
            (struct sample){.time_ms = now_ms, .done = done_of(report)};

    if (now_ms - progress->started_ms < FIRST_AFTER_MS ||
        (progress->is_shown && now_ms - progress->drawn_ms < REDRAW_MS))
        return;
    progress->drawn_ms = now_ms;
    show(progress, report, now_ms);
}
