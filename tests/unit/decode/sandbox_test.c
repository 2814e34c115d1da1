/*
 * What the decoder cannot do any more: each attempt is made by a child that has
 * locked itself in, and must end it as it should.
 */
#include "decode/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"

enum { MEMORY = 64 << 20, PASSED = 0, REFUSED = 7, NOT_LOCKED = 8 };

/* What a child does; its result is its exit status. */
typedef int attempt_fn(void);

/* The status of a child, as waitpid() has it. */
static int status_of(attempt_fn *attempt)
{
    const struct sandbox_limits limits = {MEMORY, 1};
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        dits_error *err = sandbox_enter(&limits);
        _exit(err == NULL ? attempt() : NOT_LOCKED);
    }
    return waitpid(child, &status, 0) == child ? status : -1;
}

static bool ends_with(attempt_fn *attempt, int wanted)
{
    int status = status_of(attempt);
    return WIFEXITED(status) && WEXITSTATUS(status) == wanted;
}

static bool dies_by(attempt_fn *attempt, int wanted)
{
    int status = status_of(attempt);
    return WIFSIGNALED(status) && WTERMSIG(status) == wanted;
}

static int do_nothing(void)
{
    return PASSED;
}

static int open_file(void)
{
    return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
}

static int make_file(void)
{
    return open("/tmp/dits-sandbox", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0;
}

static int make_socket(void)
{
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static int run_program(void)
{
    char *const arguments[] = {(char[]){"true"}, NULL};
    return execve("/bin/true", arguments, arguments + 1);
}

static int make_process(void)
{
    return fork() >= 0;
}

static void *nothing(void *payload)
{
    return payload;
}

static int make_thread(void)
{
    pthread_t thread = 0;
    return pthread_create(&thread, NULL, nothing, NULL);
}

static int trace_parent(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static int kill_parent(void)
{
    return kill(getppid(), 0) == 0;
}

static int remove_file(void)
{
    return unlink("/tmp/dits-sandbox-that-is-not-there");
}

static int map_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0) != MAP_FAILED;
}

static int turn_into_code(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static int share_memory(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0) != MAP_FAILED;
}

static int read_other_file(void)
{
    char byte = 0;
    return read(1, &byte, 1) >= 0;
}

static int write_other_file(void)
{
    return write(1, "x", 1) >= 0;
}

static int sleep_long(void)
{
    const struct timespec long_time = {1000, 0};
    return nanosleep(&long_time, NULL);
}

static int raise_limits(void)
{
    return setpriority(0, 0, 0) == 0;
}

TEST(it_can_be_locked_in)
{
    CHECK(ends_with(do_nothing, PASSED));
}

TEST(what_is_forbidden_kills)
{
    static const struct {
        const char *name;
        attempt_fn *attempt;
    } all[] = {
        {"open", open_file},
        {"create", make_file},
        {"socket", make_socket},
        {"execve", run_program},
        {"fork", make_process},
        {"thread", make_thread},
        {"ptrace", trace_parent},
        {"kill", kill_parent},
        {"unlink", remove_file},
        {"mmap of code", map_code},
        {"mprotect to code", turn_into_code},
        {"shared memory", share_memory},
        {"read", read_other_file},
        {"write", write_other_file},
        {"sleep", sleep_long},
        {"setpriority", raise_limits},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (!test_true(dies_by(all[i].attempt, SIGSYS), all[i].name, __FILE__,
                       __LINE__))
            return;
}

/* Touched, so that it is really there, whatever the compiler thinks of it. */
static int take_memory(size_t size)
{
    volatile char *memory = malloc(size);
    if (memory == NULL)
        return REFUSED;
    for (size_t i = 0; i < size; i += 4096)
        memory[i] = 1;
    return memory[0] == 1 ? PASSED : REFUSED;
}

static int take_a_little(void)
{
    return take_memory(MEMORY / 2);
}

static int take_too_much(void)
{
    return take_memory(MEMORY + (8 << 20));
}

static int take_bit_by_bit(void)
{
    for (size_t taken = 0; taken < 2 * MEMORY; taken += 4096)
        if (take_memory(4000) == REFUSED)
            return REFUSED;
    return PASSED;
}

TEST(memory_has_its_limit)
{
    CHECK(ends_with(take_a_little, PASSED));
    CHECK(ends_with(take_too_much, REFUSED));
    CHECK(ends_with(take_bit_by_bit, REFUSED));
}

static int compute_on(void)
{
    volatile unsigned count = 0;
    while (count < UINT32_MAX) /* for ever */
        count += count < UINT32_MAX - 1;
    return PASSED;
}

TEST(time_has_its_limit)
{
    CHECK(dies_by(compute_on, SIGXCPU));
}

static int talk(void)
{
    char byte = 0;
    if (read(0, &byte, 1) != 1 || write(0, &byte, 1) != 1)
        return REFUSED;
    return write(2, "x", 1) < 0 && errno == EBADF ? PASSED : REFUSED;
}

TEST(the_socket_is_left_and_last_words_are_swallowed)
{
    int ends[2] = {-1, -1};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(dup2(ends[0], 0) == 0 && write(ends[1], "a", 1) == 1);
    CHECK(ends_with(talk, PASSED));
    char byte = 0;
    CHECK(read(ends[1], &byte, 1) == 1 && byte == 'a');
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static int give_up(void)
{
    abort();
    return PASSED;
}

TEST(an_abort_is_told_from_what_is_forbidden)
{
    CHECK(dies_by(give_up, SIGABRT));
}
