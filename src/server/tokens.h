/*
 * server/tokens.h - the tokens that were given out
 *
 * A token has one live version, and for a while after it was rotated two, so
 * that its bearers can change over one by one. What it may do is looked up
 * each time: it ends at once when it is revoked, and is never worth more than
 * its owner. As in server/account.h, changes are made inside a transaction.
 */
#ifndef SERVER_TOKENS_H
#define SERVER_TOKENS_H

#include "server/access.h"
#include "server/token.h"

enum {
    TOKEN_DAY = 24 * 60 * 60,
    TOKEN_USUAL_LIFETIME = 90 * TOKEN_DAY,
    TOKEN_MAX_LIFETIME = 365 * TOKEN_DAY,
    TOKEN_SESSION_LIFETIME = 7 * TOKEN_DAY,
    TOKEN_MAX_OVERLAP = 30 * TOKEN_DAY,
    TOKEN_MAX_REPOSITORIES = 1000,
    TOKEN_LABEL_SIZE = 101,
    TOKEN_ADDRESS_SIZE = 64,
    TOKEN_AGENT_SIZE = 33,
};

struct token_version {
    int64_t number; /* from 1 */
    int64_t made;
    int64_t expires;
    int64_t used;                     /* 0: never */
    char address[TOKEN_ADDRESS_SIZE]; /* shortened; "": never */
    char agent[TOKEN_AGENT_SIZE];
};

struct token {
    struct server_id id;
    struct server_id account;
    enum token_kind kind;
    char label[TOKEN_LABEL_SIZE];
    unsigned actions; /* 0 where the database has one that nobody knows */
    bool is_everywhere;
    int64_t made;
    int64_t lifetime; /* of each version, in seconds */
    int64_t revoked;  /* when; 0: not */
    /* The newest, and the one before while it lives; the zero value: none. */
    struct token_version versions[2];
};

struct token_wish {
    struct server_id account;
    enum token_kind kind;
    const char *label;
    unsigned actions;
    const struct server_id *repositories; /* NULL: all there are */
    size_t repository_count;
    int64_t lifetime; /* seconds */
};

/* Errors: INVALID. The text is shown once and kept nowhere. */
MUST_USE dits_error *tokens_create(struct db *db, const struct token_wish *wish,
                                   int64_t now, struct token *out,
                                   char out_text[TOKEN_TEXT_SIZE]);

/*
 * A new version; the one before goes on for `overlap` seconds, those before
 * that end at once. INVALID: it was revoked or has ended.
 */
MUST_USE dits_error *tokens_rotate(struct db *db, const struct token *token,
                                   int64_t overlap, int64_t now,
                                   char out_text[TOKEN_TEXT_SIZE]);
MUST_USE dits_error *tokens_revoke(struct db *db, const struct server_id *id,
                                   int64_t now);

/* Of one kind, all of an account. */
MUST_USE dits_error *tokens_revoke_kind(struct db *db,
                                        const struct server_id *account,
                                        enum token_kind kind, int64_t now);

/* `*out_found` false: there is none. */
MUST_USE dits_error *tokens_get(struct db *db, const struct server_id *id,
                                int64_t now, struct token *out,
                                bool *out_found);

/*
 * The one that `text` is, whatever has become of it; `*out_version` is the
 * version, 0 where that one has ended.
 */
MUST_USE dits_error *tokens_find(struct db *db, const char *text, int64_t now,
                                 struct token *out, int64_t *out_version,
                                 bool *out_found);

/* Whether it lists this repository, or is good everywhere. */
MUST_USE dits_error *tokens_cover(struct db *db, const struct token *token,
                                  const struct server_id *repository,
                                  bool *out);

/* In order of their making; of one account, or all (NULL). */
typedef dits_error *tokens_fn(const struct token *token, void *payload);
MUST_USE dits_error *tokens_each(struct db *db, const struct server_id *account,
                                 int64_t now, tokens_fn *fn, void *payload);

/* Note that a version was used; at most one write a minute. */
MUST_USE dits_error *tokens_used(struct db *db, const struct token *token,
                                 int64_t version, int64_t now,
                                 const char *address, const char *agent);

#endif
