#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "decode/sandbox.h"

/* What the program and its libraries take by themselves, mapped at the start.
 */
#define OWN_BYTES (UINT64_C(1) << 30)

static dits_error *limit(__rlimit_resource_t what, uint64_t soft, uint64_t hard)
{
    const struct rlimit rule = {.rlim_cur = soft, .rlim_max = hard};
    if (setrlimit(what, &rule) != 0)
        return error_errno(errno, "cannot set a limit");
    return NULL;
}

/* The second limit of time kills where the first one was not heeded. */
static dits_error *set_limits(const struct sandbox_limits *limits)
{
    static const __rlimit_resource_t none[] = {
        RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_MEMLOCK,
    };
    uint64_t memory = limits->memory_bytes;
    uint64_t most = memory < UINT64_MAX - OWN_BYTES ? memory + OWN_BYTES
                                                    : UINT64_MAX;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        TRY(limit(none[i], 0, 0));
    TRY(limit(RLIMIT_DATA, memory, memory));
    TRY(limit(RLIMIT_AS, most, most));
    return limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1);
}

/* Calls that can do no harm, whatever their arguments. */
static const int harmless[] = {
    SCMP_SYS(brk),          SCMP_SYS(clock_gettime),
    SCMP_SYS(exit),         SCMP_SYS(exit_group),
    SCMP_SYS(futex),        SCMP_SYS(getpid),
    SCMP_SYS(gettid),       SCMP_SYS(gettimeofday),
    SCMP_SYS(madvise),      SCMP_SYS(mremap),
    SCMP_SYS(munmap),       SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
};

/* The first failure of many calls, which answer with -errno. */
static void note(int *failed, int result)
{
    if (*failed == 0 && result < 0)
        *failed = -result;
}

static struct scmp_arg_cmp is_equal(unsigned argument, uint64_t value)
{
    return (struct scmp_arg_cmp){
        .arg = argument, .op = SCMP_CMP_EQ, .datum_a = value};
}

/* Of the bits in `mask`, these and no others. */
static struct scmp_arg_cmp has_bits(unsigned argument, uint64_t mask,
                                    uint64_t bits)
{
    return (struct scmp_arg_cmp){.arg = argument,
                                 .op = SCMP_CMP_MASKED_EQ,
                                 .datum_a = mask,
                                 .datum_b = bits};
}

/* A call of which one argument decides. */
static int add_rule(scmp_filter_ctx filter, uint32_t action, int call,
                    struct scmp_arg_cmp rule)
{
    return seccomp_rule_add_array(filter, action, call, 1, &rule);
}

static int add_rules(scmp_filter_ctx filter)
{
    const uint32_t allow = SCMP_ACT_ALLOW;
    const uint32_t swallow = SCMP_ACT_ERRNO(EBADF);
    const uint64_t kind = MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS;
    const struct scmp_arg_cmp own_memory[] = {
        has_bits(2, PROT_EXEC, 0),
        has_bits(3, kind, MAP_PRIVATE | MAP_ANONYMOUS),
    };
    const struct scmp_arg_cmp socket = is_equal(0, STDIN_FILENO);
    const struct scmp_arg_cmp last_words = is_equal(0, STDERR_FILENO);
    const struct scmp_arg_cmp itself = is_equal(0, (uint64_t)getpid());
    int failed = 0;
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
        note(&failed, seccomp_rule_add(filter, allow, harmless[i], 0));
    note(&failed, add_rule(filter, allow, SCMP_SYS(read), socket));
    note(&failed, add_rule(filter, allow, SCMP_SYS(write), socket));
    /* What the C library says before it aborts, which nobody would read. */
    note(&failed, add_rule(filter, swallow, SCMP_SYS(write), last_words));
    note(&failed, add_rule(filter, swallow, SCMP_SYS(writev), last_words));
    note(&failed, add_rule(filter, allow, SCMP_SYS(mprotect), own_memory[0]));
    note(&failed,
         seccomp_rule_add_array(filter, allow, SCMP_SYS(mmap), 2, own_memory));
    /* abort(), so that it is told from what is forbidden. */
    note(&failed, add_rule(filter, allow, SCMP_SYS(tgkill), itself));
    return failed;
}

static dits_error *close_doors(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL)
        return error_nomem();
    int failed = add_rules(filter);
    if (failed == 0)
        note(&failed, seccomp_load(filter));
    seccomp_release(filter);
    if (failed != 0)
        return error_errno(failed, "the kernel takes no filter of calls");
    return NULL;
}

static dits_error *give_up_rights(const struct sandbox_limits *limits)
{
    TRY(set_limits(limits));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return error_errno(errno, "cannot give up rights");
    return close_doors();
}

dits_error *sandbox_enter(const struct sandbox_limits *limits)
{
    CLEANUP(dits_error_freep) dits_error *err = give_up_rights(limits);
    if (err == NULL)
        return NULL;
    return error_new(DITS_E_UNSUPPORTED,
                     "the decoder cannot lock itself in: %s",
                     dits_error_message(err));
}
