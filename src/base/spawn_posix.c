#include "base/spawn.h"

#include <signal.h>
#include <spawn.h>
#include <string.h>

static int set_files(posix_spawn_file_actions_t *actions, const int files[3])
{
    int failed = 0;
    for (int i = 0; i < 3 && failed == 0; i++)
        failed = posix_spawn_file_actions_adddup2(actions, files[i], i);
    if (failed == 0)
        failed = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    return failed;
}

static int set_signals(posix_spawnattr_t *attributes, bool is_apart)
{
    sigset_t none;
    sigset_t all;
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    int failed = posix_spawnattr_setsigmask(attributes, &none);
    if (failed == 0)
        failed = posix_spawnattr_setsigdefault(attributes, &all);
    if (failed == 0 && is_apart)
        failed = posix_spawnattr_setpgroup(attributes, 0);
    if (is_apart)
        flags |= POSIX_SPAWN_SETPGROUP;
    return failed != 0 ? failed
                       : posix_spawnattr_setflags(attributes, (short)flags);
}

/* posix_spawn() takes lists of strings that it does not change. */
static char *const *strings(const char *const *list)
{
    char *const *out = NULL;
    memcpy(&out, &list, sizeof(out));
    return out;
}

static int start(const struct spawn *spawn, pid_t *out_id)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed == 0) {
        failed = set_files(&actions, spawn->files);
        if (failed == 0)
            failed = set_signals(&attributes, spawn->is_apart);
        if (failed == 0)
            failed = posix_spawn(out_id, spawn->path, &actions, &attributes,
                                 strings(spawn->arguments),
                                 strings(spawn->environment));
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return failed;
}

dits_error *spawn_start(const struct spawn *spawn, int64_t *out_id)
{
    pid_t id = 0;
    int failed = start(spawn, &id);
    if (failed != 0)
        return error_errno(failed, "cannot run '%s'", spawn->path);
    *out_id = id;
    return NULL;
}
