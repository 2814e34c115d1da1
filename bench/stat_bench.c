/*
 * stat_bench FOLDER [THREADS]: lstat() of every file below, paths known before
 *
 * The limit for a status that looks at every file. Prints seconds.
 */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <fcntl.h>

enum { FOLDERS_MAX = 1 << 16, THREADS_MAX = 64 };

struct folder {
    char *path;
    char *names; /* each ends in a NUL */
    size_t size;
};

struct crew {
    struct folder folders[FOLDERS_MAX];
    size_t count;
    unsigned threads;
};

struct share {
    pthread_t thread;
    const struct crew *crew;
    unsigned index;
    size_t files;
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void add_name(struct folder *folder, const char *name)
{
    size_t size = strlen(name) + 1;
    char *names = realloc(folder->names, folder->size + size);
    if (names == NULL)
        die(name);
    memcpy(names + folder->size, name, size);
    folder->names = names;
    folder->size += size;
}

static void read_tree(struct crew *crew, const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL || crew->count == FOLDERS_MAX)
        die(path);
    struct folder *folder = &crew->folders[crew->count++];
    folder->path = strdup(path);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char below[4096];
        (void)snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            read_tree(crew, below);
        else if (entry->d_type == DT_REG)
            add_name(folder, entry->d_name);
    }
    (void)closedir(dir);
}

static void *look(void *payload)
{
    struct share *share = payload;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(share->index, &set);
    (void)pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
    for (size_t i = share->index; i < share->crew->count;
         i += share->crew->threads) {
        const struct folder *folder = &share->crew->folders[i];
        int fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct stat st;
        if (fd < 0)
            die(folder->path);
        for (size_t at = 0; at < folder->size;
             at += strlen(folder->names + at) + 1)
            share->files +=
                fstatat(fd, folder->names + at, &st, AT_SYMLINK_NOFOLLOW) == 0;
        (void)close(fd);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static struct crew crew;
    static struct share shares[THREADS_MAX];
    struct timespec from;
    struct timespec to;
    size_t files = 0;
    crew.threads = argc > 2 ? (unsigned)atoi(argv[2]) : 2;
    if (argc < 2 || crew.threads == 0 || crew.threads > THREADS_MAX)
        return 2;
    read_tree(&crew, argv[1]);
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    for (unsigned i = 0; i < crew.threads; i++) {
        shares[i] = (struct share){.crew = &crew, .index = i};
        if (pthread_create(&shares[i].thread, NULL, look, &shares[i]) != 0)
            die("pthread_create");
    }
    for (unsigned i = 0; i < crew.threads; i++) {
        (void)pthread_join(shares[i].thread, NULL);
        files += shares[i].files;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.6f %zu\n",
           (double)(to.tv_sec - from.tv_sec) +
               (double)(to.tv_nsec - from.tv_nsec) / 1e9,
           files);
    return 0;
}
