#include "cli/context.h"

#include <time.h>

#include <dits/commit.h>

#include "cli/environment.h"

static void context_freep(dits_context **context)
{
    dits_context_free(*context);
}

dits_error *cli_context_new(const struct environment *environment,
                            const struct dits_context_options *callbacks,
                            int64_t *out_now, dits_context **out)
{
    CLEANUP(context_freep) dits_context *context = NULL;
    struct dits_context_options options = *callbacks;
    options.clock = NULL;
    options.user_config = environment->config_path;
    options.user_name = environment->user_name;
    options.user_email = environment->user_email;
    options.home = environment->home;
    options.ssh_agent = environment->ssh_agent;
    options.ssh_command = environment->ssh_command;
    options.environment = environment->all;
    options.utc_offset_minutes = environment->utc_offset_minutes;
    TRY(dits_context_new(&options, &context));
    *out_now = (int64_t)time(NULL);
    if (environment->date == NULL) {
        *out = MOVE(context);
        return NULL;
    }
    TRY_CONTEXT(dits_date_parse(context, environment->date, out_now,
                                &options.utc_offset_minutes),
                "cannot use DITS_DATE");
    options.clock = callbacks->clock;
    return dits_context_new(&options, out);
}
