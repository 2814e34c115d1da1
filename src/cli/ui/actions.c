#include "cli/ui/actions.h"

#include "base/mem.h"
#include "cli/command_line.h"
#include "cli/parse.h"
#include "cli/program.h"
#include "cli/ui/job.h"

dits_error *ui_put_path(const char *path, struct buf *out)
{
    return buf_printf(out, ":(top,literal)%s", path);
}

static void args_free(void **args)
{
    mem_free(*args);
}

static dits_error *run_parsed(struct cli *cli,
                              const struct cli_command *command,
                              const struct option_set *own,
                              const struct option_set *shared,
                              const char *const *words)
{
    TRY(parse_command(own, shared, words));
    TRY(parse_check(own));
    return command->run(cli, own->values);
}

/* In the job. */
static dits_error *run_command(struct cli *cli, void *payload)
{
    const struct ui_action *action = payload;
    const struct cli_command *command =
        program_find(cli->program, action->words[0]);
    struct cli_settings settings = {0};
    CLEANUP(args_free)
    void *args = mem_new_array(char, command->args_size + 1);
    if (args == NULL)
        return error_nomem();
    const struct option_set own = {command->options, args};
    const struct option_set shared = {shared_options, &settings};
    dits_error *err =
        run_parsed(cli, command, &own, &shared, action->words + 1);
    parse_release(&own);
    parse_release(&shared);
    return err;
}

/* How it failed, what the command printed, and what anything else did. */
static dits_error *tell(struct ui *ui, struct page_stream *said,
                        dits_error *err)
{
    buf_clear(&ui->message);
    if (err != NULL)
        TRY(ui_say_error(ui, err));
    TRY(page_stream_close(said));
    TRY(buf_put_text(&ui->message, said->text));
    return tty_kept(ui->tty, &ui->message);
}

dits_error *ui_act(struct ui *ui, const struct ui_action *action)
{
    CLEANUP(page_stream_release) struct page_stream said = {0};
    CLEANUP(buf_release) struct buf command_line = {0};
    struct ui_action own = *action;
    TRY(command_line_join(action->words, &command_line));
    TRY(page_stream_open(&said));
    const struct ui_job_wish wish = {
        .what = action->what,
        .command_line = buf_text(&command_line),
        .out = said.out,
        .fn = run_command,
        .payload = &own,
    };
    dits_error *err = action->is_outside ? ui_job_run_outside(ui, &wish)
                                         : ui_job_run(ui, &wish);
    TRY(tell(ui, &said, err));
    return ui_refresh(ui);
}
