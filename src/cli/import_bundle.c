/* dits import bundle */
#include <dits/bundle.h>

#include <inttypes.h>

#include "base/text.h"
#include "cli/exchange.h"
#include "cli/format.h"
#include "cli/ids.h"
#include "cli/json.h"

static const char *const change_names[] = {
    [DITS_BUNDLE_LISTED] = "listed",       [DITS_BUNDLE_NEW] = "new",
    [DITS_BUNDLE_FORWARD] = "forward",     [DITS_BUNDLE_FORCED] = "forced",
    [DITS_BUNDLE_UNCHANGED] = "unchanged",
};

/* "id name", as git lists the heads of a bundle. */
static dits_error *print_head(const struct dits_bundle_ref *ref, void *payload)
{
    const struct cli *cli = payload;
    char hex[DITS_OID_HEX_SIZE] = {0};
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "name", ref->name);
        json_oid(&json, "id", &ref->after);
        json_end(&json);
        return NULL;
    }
    dits_oid_hex(&ref->after, hex);
    fprintf(cli->out, "%s %s\n", hex, ref->name);
    return NULL;
}

static const char *short_name(const char *name)
{
    static const char branches[] = "refs/heads/";
    static const char tags[] = "refs/tags/";
    if (text_starts_with(name, branches))
        return name + sizeof(branches) - 1;
    return text_starts_with(name, tags) ? name + sizeof(tags) - 1 : name;
}

static void print_change_json(const struct cli *cli,
                              const struct dits_bundle_ref *ref)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "name", ref->name);
    json_string(&json, "change", change_names[ref->change]);
    json_oid(&json, "before", &ref->before);
    json_oid(&json, "after", &ref->after);
    json_end(&json);
}

/* "main 1f3b464..9a0c3d2", "take-2 new", "main = 9a0c3d2 up to date". */
static dits_error *print_change(const struct dits_bundle_ref *ref,
                                void *payload)
{
    struct cli *cli = payload;
    char before[DITS_OID_HEX_SIZE] = {0};
    char after[DITS_OID_HEX_SIZE] = {0};
    const char *name = short_name(ref->name);
    if (cli->json) {
        print_change_json(cli, ref);
        return NULL;
    }
    if (cli->quiet)
        return NULL;
    TRY(id_short(cli, &ref->after, after));
    if (ref->change == DITS_BUNDLE_NEW ||
        ref->change == DITS_BUNDLE_UNCHANGED) {
        fprintf(cli->out, "%s  %s (%s)\n", after, name,
                change_names[ref->change]);
        return NULL;
    }
    TRY(id_short(cli, &ref->before, before));
    fprintf(cli->out, "%s..%s  %s%s\n", before, after, name,
            ref->change == DITS_BUNDLE_FORCED ? " (forced)" : "");
    return NULL;
}

static dits_error *verify(struct cli *cli, const char *path)
{
    struct dits_bundle_result result = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(dits_bundle_verify(cli->repo, path, &result));
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_u64(&json, "refs", result.refs);
        json_u64(&json, "prerequisites", result.prerequisites);
        json_u64(&json, "commits", result.commits);
        json_u64(&json, "chunks", result.chunks);
        json_u64(&json, "bytes", result.bytes);
        json_u64(&json, "grafted", result.cuts);
        json_u64(&json, "obliterated", result.obliterated);
        json_end(&json);
    } else if (!cli->quiet) {
        fprintf(
            cli->out,
            "'%s' is whole: %" PRIu64 " commit%s, %" PRIu64 " ref%s, %s%s\n",
            path, result.commits, result.commits == 1 ? "" : "s", result.refs,
            result.refs == 1 ? "" : "s", format_size(result.bytes, size),
            result.cuts > 0 ? ", a shallow history" : "");
        exchange_note_obliterated(cli, result.obliterated);
    }
    return NULL;
}

static dits_error *take(struct cli *cli, const struct import_args *args)
{
    const struct dits_bundle_import_options wanted = {
        .refs = args->operands.items + 1,
        .ref_count = args->operands.count - 1,
        .prefix = args->prefix,
        .force = args->force,
        .on_ref = print_change,
        .payload = cli,
    };
    struct dits_bundle_import_result result = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(dits_bundle_import(cli->repo, args->operands.items[0], &wanted,
                           &result));
    if (!cli->json)
        cli_note(cli, "%s new in %" PRIu64 " of %" PRIu64 " chunks",
                 format_size(result.new_bytes, size), result.new_chunks,
                 result.chunks);
    exchange_note_cuts(cli, result.cuts_before, result.cuts);
    exchange_note_obliterated(cli, result.obliterated);
    return NULL;
}

dits_error *import_bundle(struct cli *cli, const struct import_args *args)
{
    const char *path = args->operands.items[0];
    bool looks = args->list_heads || args->verify;
    if (args->list_heads && args->verify)
        return cli_usage(cli, "'--list-heads' and '--verify' exclude each "
                              "other");
    if (looks && (args->operands.count > 1 || args->force || args->prefix))
        return cli_usage(cli, "'--%s' takes FILE alone",
                         args->verify ? "verify" : "list-heads");
    if (args->list_heads)
        return dits_bundle_each_ref(path, print_head, cli);
    return args->verify ? verify(cli, path) : take(cli, args);
}
