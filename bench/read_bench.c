/*
 * How fast small parts of a staged file are read, at random places:
 *
 *     read_bench REPOSITORY PATH COUNT
 *
 * Prints the rate in MB/s. The places are the same in every run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <dits/dits.h>

enum { PART = 64 * 1024 };

static double now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static dits_error *read_parts(dits_file *file, unsigned count)
{
    static char bytes[PART];
    uint64_t room = dits_file_get_info(file)->size - PART;
    uint64_t place = 1;
    double start = now();
    for (unsigned i = 0; i < count; i++) {
        place = place * UINT64_C(6364136223846793005) + 1442695040888963407;
        dits_error *err =
            dits_file_read_at(file, (place >> 11) % room, PART, bytes);
        if (err != NULL)
            return err;
    }
    printf("%.1f MB/s\n", count * (double)PART / 1e6 / (now() - start));
    return NULL;
}

int main(int argc, char **argv)
{
    dits_context *context = NULL;
    dits_repo *repo = NULL;
    dits_file *file = NULL;
    if (argc != 4)
        return 2;
    dits_error *err = dits_context_new(NULL, &context);
    if (err == NULL)
        err = dits_repo_open(context, argv[1], &repo);
    if (err == NULL)
        err = dits_file_open(repo, ":", argv[2], &file);
    if (err == NULL)
        err = read_parts(file, (unsigned)atoi(argv[3]));
    for (const dits_error *e = err; e != NULL; e = dits_error_cause(e))
        fprintf(stderr, "%s\n", dits_error_message(e));
    int status = err != NULL;
    dits_error_free(err);
    dits_file_free(file);
    dits_repo_free(repo);
    dits_context_free(context);
    return status;
}
