/*
 * ditsd token - tokens for programs
 */
#include <string.h>

#include "base/mem.h"
#include "cli/date.h"
#include "cli/table.h"
#include "ditsd/site.h"
#include "server/account.h"
#include "server/repository.h"
#include "server/tokens.h"

struct token_args {
    const char *action;
    const char *label;
    const char *scopes;
    struct cli_list repos;
    struct cli_number days;
    struct cli_number overlap;
    struct cli_list items;
};

static const char *const action_names[] = {"create", "list", "rotate", "revoke",
                                           NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct token_args, action,
                "'create USER', 'list [USER]', 'rotate ID' or 'revoke ID'",
                .choices = action_names),
    CLI_OPERANDS("ITEM", struct token_args, items, "a USER, or a token's ID"),
    CLI_STRING('l', "label", "TEXT", struct token_args, label,
               "create: what it is for"),
    CLI_STRING(0, "scopes", "LIST", struct token_args, scopes,
               "create: what it may do, of 'read,write,lock,maintain,admin'; "
               "default: 'read,write,lock'"),
    CLI_STRINGS(0, "repo", "REPO", struct token_args, repos,
                "create: good for this repository alone; may be repeated"),
    CLI_NUMBER(0, "days", "NUM", struct token_args, days,
               "create: how long it lives, 365 at most; default: 90"),
    CLI_NUMBER(0, "overlap-days", "NUM", struct token_args, overlap,
               "rotate: how long the old one goes on, 30 at most; default: 7"),
    CLI_END,
};

static const char help[] =
    "A token signs in a program. It may do no more than its user, and only\n"
    "what its scopes say, where '--repo' says. Its text is printed once, on\n"
    "standard output, and kept nowhere: the server knows only a hash of it.\n"
    "\n"
    "'rotate' makes a new text for a token, which lives as long as the first\n"
    "one did; the old text goes on for some days, so that programs can change\n"
    "over one by one. 'revoke' ends all of it at once.\n"
    "\n"
    "    ditsd token create render-farm --repo film --scopes read > token\n";

enum { USUAL_OVERLAP_DAYS = 7 };

/* The text is for a program that reads it, all else for people. */
static void tell(struct site *site, const struct token *token, int64_t expires,
                 const char *text)
{
    struct cli *cli = site->cli;
    char id[SERVER_ID_HEX_SIZE] = {0};
    char date[DATE_TEXT_SIZE] = {0};
    server_id_hex(&token->id, id);
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "id", id);
        json_string(&json, "token", text);
        site_json_time(&json, "expires", expires);
        json_end(&json);
        return;
    }
    fprintf(cli->out, "%s\n", text);
    site_date(cli, expires, date);
    cli_note(cli, "Token %s is good until %s. It is not shown again.", id,
             date);
}

static void ids_free(struct server_id **ids)
{
    mem_free(*ids);
}

static dits_error *find_repos(struct site *site, const struct cli_list *names,
                              struct server_id *out)
{
    for (size_t i = 0; i < names->count; i++) {
        struct repository repository = {.made = 0};
        TRY(repository_need(site->db, names->items[i], &repository));
        out[i] = repository.id;
    }
    return NULL;
}

/* Of the options; the rest is found in the transaction. */
static dits_error *read_wish(struct site *site, const struct token_args *args,
                             struct token_wish *out)
{
    struct cli *cli = site->cli;
    uint64_t days = args->days.is_given ? args->days.value
                                        : TOKEN_USUAL_LIFETIME / TOKEN_DAY;
    *out = (struct token_wish){
        .label = args->label != NULL ? args->label : "",
        .actions = ACCESS_USUAL,
        .repository_count = args->repos.count,
    };
    if (days == 0 || days > TOKEN_MAX_LIFETIME / TOKEN_DAY)
        return cli_usage(cli, "a token lives between 1 and %d days",
                         TOKEN_MAX_LIFETIME / TOKEN_DAY);
    out->lifetime = (int64_t)days * TOKEN_DAY;
    return args->scopes != NULL
               ? site_usage(cli,
                            access_actions_parse(args->scopes, &out->actions))
               : NULL;
}

static dits_error *create(struct site *site, const void *data)
{
    const struct token_args *args = data;
    struct token_wish wish = {.label = NULL};
    struct account account = {.made = 0};
    struct token token = {.made = 0};
    char text[TOKEN_TEXT_SIZE] = {0};
    char id[SERVER_ID_HEX_SIZE] = {0};
    CLEANUP(buf_release) struct buf resource = {0};
    CLEANUP(ids_free)
    struct server_id *ids =
        mem_new_array(struct server_id, args->repos.count + 1);
    if (ids == NULL)
        return error_nomem();
    TRY(read_wish(site, args, &wish));
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(account_need(site->db, args->items.items[0], &account));
    TRY(find_repos(site, &args->repos, ids));
    wish.account = account.id;
    wish.kind = account.kind == ACCOUNT_SERVICE ? TOKEN_SERVICE
                                                : TOKEN_PERSONAL;
    wish.repositories = args->repos.count > 0 ? ids : NULL;
    TRY(tokens_create(site->db, &wish, site->cli->now, &token, text));
    server_id_hex(&token.id, id);
    TRY(buf_printf(&resource, "%s %s", account.name, id));
    TRY(site_commit(site, &step, "token.create", buf_text(&resource)));
    tell(site, &token, site->cli->now + wish.lifetime, text);
    return NULL;
}

static dits_error *need_token(struct site *site, const char *text,
                              struct token *out)
{
    struct server_id id = {{0}};
    bool found = false;
    if (strlen(text) == SERVER_ID_HEX_SIZE - 1 && server_id_parse(text, &id))
        TRY(tokens_get(site->db, &id, site->cli->now, out, &found));
    return found ? NULL
                 : error_hint(error_new(DITS_E_NOT_FOUND,
                                        "there is no token with this id"),
                              "See 'ditsd token list'.");
}

static dits_error *rotate(struct site *site, const void *data)
{
    const struct token_args *args = data;
    const char *id = args->items.items[0];
    struct token token = {.made = 0};
    char text[TOKEN_TEXT_SIZE] = {0};
    uint64_t days = args->overlap.is_given ? args->overlap.value
                                           : USUAL_OVERLAP_DAYS;
    if (days > TOKEN_MAX_OVERLAP / TOKEN_DAY)
        return cli_usage(site->cli, "a token goes on for %d days at most",
                         TOKEN_MAX_OVERLAP / TOKEN_DAY);
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(need_token(site, id, &token));
    TRY(tokens_rotate(site->db, &token, (int64_t)days * TOKEN_DAY,
                      site->cli->now, text));
    TRY(site_commit(site, &step, "token.rotate", id));
    tell(site, &token, site->cli->now + token.lifetime, text);
    return NULL;
}

static dits_error *revoke(struct site *site, const void *data)
{
    const struct token_args *args = data;
    const char *id = args->items.items[0];
    struct token token = {.made = 0};
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(need_token(site, id, &token));
    TRY(tokens_revoke(site->db, &token.id, site->cli->now));
    return site_commit(site, &step, "token.revoke", id);
}

struct listing {
    struct site *site;
    struct table table;
    const struct token *token;
    struct json json;
};

static void listing_release(struct listing *listing)
{
    table_release(&listing->table);
}

/* When it ends or why it has; both names are as in the JSON. */
static const char *state_of(const struct token *token)
{
    if (token->revoked != 0)
        return "revoked";
    return token->versions[0].number != 0 ? "live" : "ended";
}

static dits_error *list_repo(const struct repository *repository, void *payload)
{
    struct listing *listing = payload;
    bool is_covered = false;
    TRY(tokens_cover(listing->site->db, listing->token, &repository->id,
                     &is_covered));
    if (is_covered)
        json_list_string(&listing->json, repository->name);
    return NULL;
}

static dits_error *print_json(struct listing *listing, const char *id,
                              const char *user, const char *scopes)
{
    const struct token *token = listing->token;
    listing->json = json_begin(listing->site->cli->out);
    json_string(&listing->json, "id", id);
    json_string(&listing->json, "user", user);
    json_string(&listing->json, "kind", token_kind_name(token->kind));
    json_string(&listing->json, "label", token->label);
    json_string(&listing->json, "scopes", scopes);
    json_bool(&listing->json, "everywhere", token->is_everywhere);
    json_list_begin(&listing->json, "repos");
    if (!token->is_everywhere)
        TRY(repository_each(listing->site->db, list_repo, listing));
    json_list_end(&listing->json);
    json_string(&listing->json, "state", state_of(token));
    site_json_time(&listing->json, "made", token->made);
    site_json_time(&listing->json, "expires", token->versions[0].expires);
    site_json_time(&listing->json, "used", token->versions[0].used);
    site_json_time(&listing->json, "old_expires", token->versions[1].expires);
    site_json_time(&listing->json, "old_used", token->versions[1].used);
    json_end(&listing->json);
    return NULL;
}

static dits_error *list_one(const struct token *token, void *payload)
{
    struct listing *listing = payload;
    CLEANUP(buf_release) struct buf scopes = {0};
    struct account account = {.made = 0};
    char id[SERVER_ID_HEX_SIZE] = {0};
    char date[DATE_TEXT_SIZE] = "-";
    bool found = false;
    listing->token = token;
    TRY(account_get(listing->site->db, &token->account, &account, &found));
    TRY(access_actions_put(token->actions, &scopes));
    server_id_hex(&token->id, id);
    if (listing->site->cli->json)
        return print_json(listing, id, account.name, buf_text(&scopes));
    if (token->versions[0].number != 0)
        site_date(listing->site->cli, token->versions[0].expires, date);
    return table_add(&listing->table, "%s\t%s\t%s\t%s\t%s\t%s", id,
                     account.name, buf_text(&scopes), state_of(token), date,
                     token->label);
}

static dits_error *list(struct site *site, const void *data)
{
    const struct token_args *args = data;
    struct account account = {.made = 0};
    CLEANUP(listing_release)
    struct listing listing = {.site = site, .table.columns = "llllll"};
    bool is_one = args->items.count > 0;
    if (is_one)
        TRY(account_need(site->db, args->items.items[0], &account));
    TRY(tokens_each(site->db, is_one ? &account.id : NULL, site->cli->now,
                    list_one, &listing));
    table_print(&listing.table, site->cli->out);
    return NULL;
}

static const struct site_action actions[] = {
    {"create", 1, 1, "USER", create},
    {"list", 0, 1, "at most a USER", list},
    {"rotate", 1, 1, "ID", rotate},
    {"revoke", 1, 1, "ID", revoke},
};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct token_args *args = data;
    bool creates = strcmp(args->action, "create") == 0;
    bool rotates = strcmp(args->action, "rotate") == 0;
    TRY(site_check_option(cli, args->label != NULL && !creates, "--label",
                          args->action));
    TRY(site_check_option(cli, args->scopes != NULL && !creates, "--scopes",
                          args->action));
    TRY(site_check_option(cli, args->repos.count > 0 && !creates, "--repo",
                          args->action));
    TRY(site_check_option(cli, args->days.is_given && !creates, "--days",
                          args->action));
    TRY(site_check_option(cli, args->overlap.is_given && !rotates,
                          "--overlap-days", args->action));
    return site_run(cli, actions, sizeof(actions) / sizeof(actions[0]),
                    args->action, &args->items, args);
}

const struct cli_command cmd_token = {
    .name = "token",
    .summary = "make, list and revoke tokens",
    .help = help,
    .group = CLI_GROUP_WHO,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct token_args),
    .run = run,
};
