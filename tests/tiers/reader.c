/*
 * tier-reader MODE SEED FILE... - read ranges of stored files and compare
 *
 * In the top of a repository whose work tree has the very bytes that HEAD has.
 * Until SIGTERM, ranges of random files are read from the store and compared.
 * MODE is `stay` (one repository, opened once), `reopen` (again and again, with
 * a pause between finding the packs and reading), or `freeze`: open, stop as by
 * SIGSTOP, and when going on read all of each file once. Prints what came of
 * it, as JSON; 0 only if every byte was right and nothing failed.
 */
#include <dits/context.h>
#include <dits/file.h>
#include <dits/repo.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/text.h"

enum { MAX_RANGE = 300000, STRETCH = 20, MAX_FILES = 64, MAX_PAUSE_MS = 400 };

static volatile sig_atomic_t has_ended;

static void on_end(int number)
{
    (void)number;
    has_ended = 1;
}

struct reader {
    dits_context *context;
    dits_repo *repo;
    dits_file *files[MAX_FILES];
    char **paths;
    size_t count;
    uint64_t state; /* of the random numbers */
    uint64_t reads;
    uint64_t wrong;
    uint64_t errors;
};

static uint32_t next_number(struct reader *reader, uint32_t below)
{
    reader->state = reader->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(reader->state >> 33) % below;
}

static void close_all(struct reader *reader)
{
    for (size_t i = 0; i < reader->count; i++) {
        dits_file_free(reader->files[i]);
        reader->files[i] = NULL;
    }
    dits_repo_free(reader->repo);
    reader->repo = NULL;
}

static dits_error *open_all(struct reader *reader)
{
    TRY(dits_repo_open(reader->context, ".", &reader->repo));
    for (size_t i = 0; i < reader->count; i++)
        TRY(dits_file_open(reader->repo, NULL, reader->paths[i],
                           &reader->files[i]));
    return NULL;
}

static dits_error *compare(struct reader *reader, size_t which, uint64_t offset,
                           size_t size)
{
    static uint8_t seen[MAX_RANGE];
    static uint8_t wanted[MAX_RANGE];
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(fs_open(reader->paths[which], FS_READ, &file));
    TRY(fs_read_at(&file, offset, size, wanted));
    reader->reads++;
    TRY(dits_file_read_at(reader->files[which], offset, size, seen));
    reader->wrong += memcmp(seen, wanted, size) != 0;
    return NULL;
}

static dits_error *read_range(struct reader *reader)
{
    size_t which = next_number(reader, (uint32_t)reader->count);
    uint64_t whole = dits_file_get_info(reader->files[which])->size;
    uint64_t offset = next_number(reader, (uint32_t)whole);
    uint64_t left = whole - offset;
    size_t most = left < MAX_RANGE ? (size_t)left : MAX_RANGE;
    return compare(reader, which, offset,
                   1 + next_number(reader, (uint32_t)most));
}

static dits_error *read_stretch(struct reader *reader, bool reopen)
{
    if (reopen || reader->repo == NULL) {
        close_all(reader);
        TRY(open_all(reader));
    }
    fs_pause_ms(next_number(reader, MAX_PAUSE_MS));
    for (unsigned i = 0; i < STRETCH && has_ended == 0; i++)
        TRY(read_range(reader));
    return NULL;
}

static void report(struct reader *reader, dits_error *err)
{
    if (err == NULL)
        return;
    reader->errors++;
    for (const dits_error *at = err; at != NULL; at = dits_error_cause(at))
        fprintf(stderr, "tier-reader: %s\n", dits_error_message(at));
    dits_error_free(err); /* reported */
}

static dits_error *freeze(struct reader *reader)
{
    TRY(open_all(reader));
    (void)raise(SIGSTOP);
    for (size_t i = 0; i < reader->count; i++) {
        uint64_t whole = dits_file_get_info(reader->files[i])->size;
        for (uint64_t at = 0; at < whole; at += MAX_RANGE)
            TRY(compare(reader, i, at,
                        whole - at < MAX_RANGE ? (size_t)(whole - at)
                                               : MAX_RANGE));
    }
    return NULL;
}

static int run(struct reader *reader, const char *mode)
{
    bool reopen = strcmp(mode, "reopen") == 0;
    report(reader, dits_context_new(NULL, &reader->context));
    if (strcmp(mode, "freeze") == 0) {
        report(reader, freeze(reader));
        has_ended = 1;
    }
    while (has_ended == 0 && reader->errors == 0)
        report(reader, read_stretch(reader, reopen));
    close_all(reader);
    dits_context_free(reader->context);
    printf("{\"reads\": %" PRIu64 ", \"wrong\": %" PRIu64
           ", \"errors\": %" PRIu64 "}\n",
           reader->reads, reader->wrong, reader->errors);
    return reader->wrong + reader->errors == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = on_end};
    struct reader reader = {0};
    if (argc < 4 || argc - 3 > MAX_FILES)
        return 2;
    (void)sigaction(SIGTERM, &action, NULL);
    reader.paths = argv + 3;
    reader.count = (size_t)(argc - 3);
    reader.state = strtoull(argv[2], NULL, 10) + 1;
    return run(&reader, argv[1]);
}
