/*
 * How fast the store alone is: store_bench add|hash|read|puts ARGUMENT...
 * For who works on the store; `make bench` measures the product.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/context.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/random.h"
#include "store/ingest.h"

static double now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void report(const char *what, double seconds, double bytes)
{
    struct rusage used = {0};
    (void)getrusage(RUSAGE_SELF, &used);
    double cpu = (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
    printf("%-8s %.3f s  %.0f MB/s  cpu %.2f s  rss %ld MB\n", what, seconds,
           bytes / seconds / 1e6, cpu, used.ru_maxrss / 1024);
}

struct list {
    struct chunk_ref *chunks;
    size_t count;
    size_t capacity;
};

static dits_error *take(const struct chunk_ref *chunk, void *payload)
{
    struct list *list = payload;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 1024 : 2 * list->capacity;
        struct chunk_ref *grown =
            mem_resize(list->chunks, list->count, capacity, sizeof(*grown));
        if (grown == NULL)
            return error_nomem();
        list->chunks = grown;
        list->capacity = capacity;
    }
    list->chunks[list->count++] = *chunk;
    return NULL;
}

static dits_error *bench_read(struct store *store, const struct list *list)
{
    CLEANUP(buf_release) struct buf out = {0};
    double start = now();
    double bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        TRY(store_read(store, CHUNK_DATA, &list->chunks[i].id, &out));
        bytes += list->chunks[i].size;
    }
    report("read", now() - start, bytes);
    return NULL;
}

/* add|cut FOLDER FILE CHUNKER THREADS */
static dits_error *bench_add(dits_context *context, char **args,
                             bool store_nothing)
{
    CLEANUP(store_closep) struct store *store = NULL;
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    struct list list = {0};
    struct ingest_result result = {0};
    TRY(fs_open(args[1], FS_READ, &file));
    TRY(fs_stat_file(&file, &stat));

    double start = now();
    if (!fs_exists(args[0]))
        TRY(store_create(context, args[0]));
    TRY(store_open(context, args[0], &store));
    TRY(store_writer_begin(store, &writer));
    struct ingest ingest = {.context = context,
                            .writer = store_nothing ? NULL : writer,
                            .chunker = chunker_by_name(args[2]),
                            .threads = (unsigned)atoi(args[3]),
                            .on_chunk = take,
                            .payload = &list};
    TRY(ingest_file(&ingest, &file, stat.size, &result));
    double before = now();
    TRY(store_writer_commit(writer));
    printf("%zu chunks, %.0f bytes each, commit %.3f s\n", list.count,
           (double)stat.size / (double)list.count, now() - before);
    report("add", now() - start, (double)stat.size);
    return getenv("READ") == NULL ? NULL : bench_read(store, &list);
}

/* hash FILE THREADS */
static dits_error *bench_hash(dits_context *context, char **args)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    struct dits_oid id = {0};
    TRY(fs_open(args[0], FS_READ, &file));
    TRY(fs_stat_file(&file, &stat));
    double start = now();
    TRY(ingest_hash(context, &file, stat.size, (unsigned)atoi(args[1]), &id));
    report("hash", now() - start, (double)stat.size);
    return NULL;
}

enum { PUTS = 50000, PUT_SIZE = 4096 };

static dits_error *put_many(unsigned worker, void *payload)
{
    struct store_writer *writer = payload;
    uint8_t data[PUT_SIZE];
    random_bytes(data, sizeof(data));
    for (unsigned i = 0; i < PUTS; i++) {
        struct dits_oid id = {0};
        memcpy(data, &i, sizeof(i));
        data[4] = (uint8_t)worker;
        TRY(store_writer_put(writer, CHUNK_DATA, data, sizeof(data), &id));
    }
    return NULL;
}

/* puts FOLDER: 100,000 of 4 KiB by two workers */
static dits_error *bench_puts(dits_context *context, char **args)
{
    CLEANUP(store_closep) struct store *store = NULL;
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(store_create(context, args[0]));
    TRY(store_open(context, args[0], &store));
    double start = now();
    TRY(store_writer_begin(store, &writer));
    TRY(pool_run(2, put_many, writer));
    TRY(store_writer_commit(writer));
    report("puts", now() - start, 2.0 * PUTS * PUT_SIZE);
    return NULL;
}

int main(int argc, char **argv)
{
    dits_context *context = NULL;
    dits_error *err = dits_context_new(NULL, &context);
    if (err == NULL && argc == 6 && strcmp(argv[1], "add") == 0)
        err = bench_add(context, argv + 2, false);
    else if (err == NULL && argc == 6 && strcmp(argv[1], "cut") == 0)
        err = bench_add(context, argv + 2, true);
    else if (err == NULL && argc == 4 && strcmp(argv[1], "hash") == 0)
        err = bench_hash(context, argv + 2);
    else if (err == NULL && argc == 3 && strcmp(argv[1], "puts") == 0)
        err = bench_puts(context, argv + 2);
    for (const dits_error *e = err; e != NULL; e = dits_error_cause(e))
        fprintf(stderr, "%s\n", dits_error_message(e));
    dits_error_free(err);
    dits_context_free(context);
    return err != NULL;
}
