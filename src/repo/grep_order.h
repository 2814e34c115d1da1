/*
 * repo/grep_order.h - what many threads find, told in the order of the files
 *
 * Each thread takes the next file and records what it finds in it. A file's
 * records are told when all files before it are done; who has too many waits
 * for that and tells them at once, so that memory is bounded.
 */
#ifndef REPO_GREP_ORDER_H
#define REPO_GREP_ORDER_H

#include <pthread.h>

#include "repo/grep_lines.h"

/* Files that may be begun before the first of them is done. */
enum { GREP_ORDER_AHEAD = 256 };

/* What was found in one file. Empty is the zero value. */
struct grep_records {
    struct grep_record {
        enum dits_grep_kind kind;
        bool is_binary;
        uint64_t number;
        size_t offset; /* in `text`; a NUL follows each */
        size_t size;
        size_t first_span;
        size_t span_count;
    } * items;
    size_t count;
    size_t capacity;
    struct buf text;
    struct dits_grep_span *spans;
    size_t span_count;
    size_t span_capacity;
};

void grep_records_release(struct grep_records *records);
MUST_USE dits_error *grep_records_add(struct grep_records *records,
                                      const struct grep_line *line);
MUST_USE dits_error *grep_records_add_file(struct grep_records *records,
                                           const struct grep_result *result);

/* Tells of the records of file `item`; never two calls at once. */
typedef dits_error *grep_tell_fn(size_t item,
                                 const struct grep_records *records,
                                 void *payload);

struct grep_order {
    size_t count; /* of files; set before the threads start */
    grep_tell_fn *tell;
    void *payload;

    pthread_mutex_t mutex;
    pthread_cond_t moved;
    /* guarded by mutex: */
    size_t next; /* file to be taken */
    size_t turn; /* file to be told of */
    bool is_telling;
    bool stopped;
    struct grep_slot {
        struct grep_records records;
        bool is_done;
    } slots[GREP_ORDER_AHEAD];
};

void grep_order_init(struct grep_order *order, grep_tell_fn *tell,
                     void *payload);
void grep_order_release(struct grep_order *order);

/* Any thread. False: there are no more, or it was stopped. */
bool grep_order_take(struct grep_order *order, size_t *out_item);

/* Tell what there is now, when the turn has come to `item`. It is emptied. */
MUST_USE dits_error *grep_order_flush(struct grep_order *order, size_t item,
                                      struct grep_records *records);

/* The file is done. Takes the records over. */
MUST_USE dits_error *grep_order_finish(struct grep_order *order, size_t item,
                                       struct grep_records *records);

/* No more files, and nobody waits. Any thread. */
void grep_order_stop(struct grep_order *order);

#endif
