/*
 * dits/dits.h - all of the library, for its users
 */
#ifndef DITS_DITS_H
#define DITS_DITS_H

#include <dits/archive.h>
#include <dits/attributes.h>
#include <dits/bisect.h>
#include <dits/blame.h>
#include <dits/bundle.h>
#include <dits/commit.h>
#include <dits/config.h>
#include <dits/context.h>
#include <dits/diff.h>
#include <dits/error.h>
#include <dits/exchange.h>
#include <dits/file.h>
#include <dits/fragments.h>
#include <dits/grep.h>
#include <dits/ignore.h>
#include <dits/import_folder.h>
#include <dits/login.h>
#include <dits/maintenance.h>
#include <dits/media.h>
#include <dits/merge.h>
#include <dits/notes.h>
#include <dits/oid.h>
#include <dits/operation.h>
#include <dits/picture.h>
#include <dits/refs.h>
#include <dits/remote.h>
#include <dits/replay.h>
#include <dits/repo.h>
#include <dits/signature.h>
#include <dits/sparse.h>
#include <dits/stash.h>
#include <dits/tier.h>
#include <dits/transfer.h>
#include <dits/watcher.h>
#include <dits/worktree.h>
#include <dits/worktrees.h>

#endif
