#include <stddef.h>

#include "tavs/traces.h"

struct kind_text {
    const char *code;
    enum traces_severity severity;
    const char *meaning, *mend;
};

static const struct kind_text kinds[TRACES_KINDS] = {
    [TRACES_HISTORY] =
        {"history", TRACES_FOUND, N_("a command line that tells of a contact"),
         N_("close all shells and remove the lines; let 'tavs log' ask instead of giving it words, "
            "or "
            "keep such lines out of the history: HISTCONTROL=ignorespace (bash), setopt "
            "HIST_IGNORE_SPACE (zsh), nothing to set (fish), and a space before the command")},
    [TRACES_HISTORY_TIMED] =
        {"history-timed", TRACES_FOUND,
         N_("a command line that tells of a contact, and beside it when it was typed"),
         N_("close all shells and remove the lines with their times; let 'tavs log' ask instead of "
            "giving it words, or "
            "keep such lines out of the history: HISTCONTROL=ignorespace (bash), setopt "
            "HIST_IGNORE_SPACE (zsh), nothing to set (fish), and a space before the command")},
    [TRACES_LEFTOVER] = {"leftover", TRACES_FOUND,
                         N_("kept by an editor, a pager, a recorder or the like: a command "
                            "that tells of a contact"),
                         N_("remove the line, or the file if nothing in it is needed")},
    [TRACES_OPENED] =
        {"opened", TRACES_REMARK, N_("it names the store: an editor or a pager has had it open"),
         N_("never open the store with an editor: it leaves copies and may damage it")},

    [TRACES_COPY] =
        {"copy", TRACES_FOUND,
         N_("another copy of the store; whoever has a passphrase can tell from two copies what was "
            "counted between them"),
         N_("remove it; keep backups locked up, few, and apart from any passphrase")},
    [TRACES_FRAGMENT] =
        {"fragment", TRACES_FOUND, N_("it holds a copy of the store, or part of one"),
         N_("remove it; keep backups locked up, few, and apart from any passphrase")},
    [TRACES_HARD_LINK] = {"hard-link", TRACES_FOUND, N_("the store has a second name"),
                          N_("find the other name (find / -xdev -samefile FILE) and remove it")},
    [TRACES_NAMED_AFTER] =
        {"named-after", TRACES_FOUND,
         N_("by its name a backup of the store, or left behind by an editor or another program"),
         N_("remove it; keep backups locked up, few, and apart from any passphrase")},
    [TRACES_LOCK_FILE] =
        {"lock-file", TRACES_FOUND,
         N_("LMDB's lock file: another program than tavs has opened the store"),
         N_("remove it, find out which program it was, and look at the audit's findings")},
    [TRACES_TEMPORARY] = {"temporary", TRACES_REMARK,
                          N_("by its name a file that tavs was writing when it was killed"),
                          N_("remove it")},
    [TRACES_DELETED] =
        {"deleted", TRACES_REMARK,
         N_("a file that was deleted while a program had it open, and is still there"),
         N_("end that program, or remove the file")},
    [TRACES_CORE] = {"core", TRACES_FOUND, N_("a memory image of tavs"),
                     N_("remove it; tavs switches them off, so find out how it came about")},
    [TRACES_CORE_OTHER] = {"core-other", TRACES_REMARK,
                           N_("a memory image of another program, beside the store"),
                           N_("remove it; it may hold figures that the program showed")},
    [TRACES_DEVICE_COPY] =
        {"device-copy", TRACES_FOUND,
         N_("a copy of a machine's key: whoever has it can count in this machine's name"),
         N_("remove it; if others may have had it: 'tavs device retire', then 'tavs device add'")},
    [TRACES_PASSPHRASE_BESIDE] = {"passphrase-beside", TRACES_REMARK,
                                  N_("by its name a passphrase's file, beside the store: "
                                     "whoever gets both can read the counts"),
                                  N_("keep passphrases apart from the store")},
    [TRACES_SNAPSHOT] = {"snapshot", TRACES_FOUND, N_("an earlier copy of the store in a snapshot"),
                         N_("remove such snapshots, and keep the store where none are taken")},
    [TRACES_SYNCED] =
        {"synced", TRACES_FOUND,
         N_("this folder is copied to other machines, and each version of the store with it"),
         N_("move the store elsewhere, and remove its versions from the server")},
    [TRACES_VERSIONED] = {"versioned", TRACES_REMARK, N_("this folder is under version control"),
                          N_("see that the store is not part of it, or move it elsewhere")},

    [TRACES_STORE_MODE] = {"store-mode", TRACES_FOUND, N_("others may read or write the store"),
                           N_("make it yours alone: chmod 600 FILE")},
    [TRACES_STORE_OWNER] = {"store-owner", TRACES_REMARK,
                            N_("the store belongs to another user than the one who looks"),
                            N_("run this as the user who counts, too: his command lines are "
                               "looked for in his home folder")},
    [TRACES_STORE_LINK] = {"store-link", TRACES_FOUND,
                           N_("a symbolic link leads to the store, which tavs refuses"),
                           N_("name the store itself")},
    [TRACES_FOLDER_WRITABLE] = {"folder-writable", TRACES_FOUND,
                                N_("others may write in this folder, on the way to the store, "
                                   "and put another in its place"),
                                N_("make it yours alone: chmod go-w FOLDER")},
    [TRACES_FOLDER_VISIBLE] =
        {"folder-visible", TRACES_REMARK,
         N_("every user of this machine can see when the store was last written"),
         N_("make the folder yours alone: chmod 700 FOLDER")},
    [TRACES_DEVICE_MODE] = {"device-mode", TRACES_FOUND,
                            N_("others may read or change this machine's key"),
                            N_("make it yours alone: chmod 600 FILE, chmod 700 FOLDER; if "
                               "others may have read it: 'tavs "
                               "device retire', then 'tavs device add'")},
    [TRACES_PASSPHRASE_MODE] =
        {"passphrase-mode", TRACES_FOUND,
         N_("others may read this, by its name a passphrase's file"),
         N_("make it yours alone: chmod 600 FILE, and change the passphrase: 'tavs key change'")},

    [TRACES_NETWORK] =
        {"network", TRACES_FOUND,
         N_("the store lies on another machine: its administrators and backups have it too"),
         N_("keep the store on a disk of this machine")},
    [TRACES_KEEPS_BLOCKS] =
        {
            "keeps-blocks", TRACES_REMARK,
            N_("this kind of file system keeps what is overwritten for a while, and may take "
               "snapshots"),
            N_("see that no snapshots are taken here, or keep the store on ext4 or xfs")},
    [TRACES_LAYERED] =
        {"layered", TRACES_REMARK,
         N_("this file system lies on others, which may hold an earlier copy of the store"),
         N_("keep the store on a file system of its own (in a container: a volume)")},
    [TRACES_VOLATILE] = {"volatile", TRACES_REMARK,
                         N_("the store lies in memory only and is lost at the next start"),
                         N_("keep the store on a disk")},
    [TRACES_NOT_ENCRYPTED] =
        {
            "not-encrypted", TRACES_REMARK,
            N_("the file system is not encrypted, as far as the system knows (a disk may do it by "
               "itself)"),
            N_("encrypt the disk as a whole: what is overwritten or deleted may stay on it")},
    [TRACES_SWAP_NOT_ENCRYPTED] = {"swap-not-encrypted", TRACES_REMARK,
                                   N_("swap space is not encrypted: what terminals and shells held "
                                      "in memory may stay on the "
                                      "disk"),
                                   N_("encrypt the disk as a whole, or do without swap space")},
    [TRACES_CORE_HANDLER] = {"core-handler", TRACES_REMARK,
                             N_("memory images of programs that crash go to a program that "
                                "may keep them (tavs makes none)"),
                             N_("see where it keeps them, and for how long")},
    [TRACES_FILE_SYSTEM_UNTOLD] = {"file-system-unknown", TRACES_UNTOLD,
                                   N_("what this file system keeps, and where, can't be told"),
                                   NULL},
    [TRACES_ENCRYPTION_UNTOLD] = {"encryption-unknown", TRACES_UNTOLD,
                                  N_("whether the file system is encrypted can't be told"), NULL},
    [TRACES_SWAP_UNTOLD] = {"swap-unknown", TRACES_UNTOLD,
                            N_("whether swap space is encrypted can't be told"), NULL},

    [TRACES_UNREADABLE] = {"unreadable", TRACES_UNTOLD, N_("could not be read"),
                           N_("run this as the user whom it belongs to, too")},
    [TRACES_TOO_LARGE] = {"too-large", TRACES_UNTOLD, N_("only the first 64 MiB were looked at"),
                          NULL},
    [TRACES_TOO_MANY] = {"too-many", TRACES_UNTOLD,
                         N_("there is more than is looked at; from here on not all files were"),
                         NULL},
    [TRACES_FILE_CLEAR] = {"file-clear", TRACES_CLEAR, N_("read; nothing in it tells of a contact"),
                           NULL},
    [TRACES_FOLDER_CLEAR] = {"folder-clear", TRACES_CLEAR,
                             N_("looked through; no copy of the store, nothing left behind"), NULL},
    [TRACES_NO_HISTORY] = {"no-history", TRACES_CLEAR,
                           N_("no shell keeps a history in this home folder"), NULL},
    [TRACES_ENCRYPTED] = {"encrypted", TRACES_CLEAR, N_("the file system is encrypted"), NULL},
    [TRACES_SWAP_ENCRYPTED] = {"swap-encrypted", TRACES_CLEAR, N_("swap space is encrypted"), NULL},
    [TRACES_NO_SWAP] = {"no-swap", TRACES_CLEAR, N_("there is no swap space on a disk"), NULL},
};

const char *traces_kind_code(enum traces_kind kind)
{
    return kinds[kind].code;
}

enum traces_severity traces_kind_severity(enum traces_kind kind)
{
    return kinds[kind].severity;
}

const char *traces_severity_code(enum traces_severity severity)
{
    static const char *const codes[TRACES_SEVERITIES] = {
        [TRACES_FOUND] = "trace",
        [TRACES_REMARK] = "remark",
        [TRACES_UNTOLD] = "unknown",
        [TRACES_CLEAR] = "clear",
    };
    return codes[severity];
}

const char *traces_kind_meaning(enum traces_kind kind)
{
    return _(kinds[kind].meaning);
}

const char *traces_kind_mend(enum traces_kind kind)
{
    return kinds[kind].mend == NULL ? NULL : _(kinds[kind].mend);
}
