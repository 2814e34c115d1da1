#include "support/temp_server.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/database.h"

dits_error *temp_server_make(struct temp_server *out)
{
    strcpy(out->folder, "/tmp/dits-test-XXXXXX");
    if (mkdtemp(out->folder) == NULL)
        return error_new(DITS_E_IO, "no folder for the test");
    return server_database_open(out->folder, DB_CREATE, &out->db);
}

static int remove_entry(const char *path, const struct stat *stat, int type,
                        struct FTW *ftw)
{
    (void)stat;
    (void)type;
    (void)ftw;
    return remove(path);
}

void temp_server_release(struct temp_server *temp)
{
    db_close(temp->db);
    if (temp->folder[0] != '\0')
        (void)nftw(temp->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

dits_error *temp_server_account(struct temp_server *temp, const char *name,
                                struct account *out)
{
    return account_create(temp->db, name, ACCOUNT_PERSON, TEMP_SERVER_NOW, out);
}
