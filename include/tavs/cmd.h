/* cmd: the command line. One file a command, and a table of commands for each program. */
#ifndef TAVS_CMD_H
#define TAVS_CMD_H

/* A program: which commands it runs. */
struct cmd_program;

/* tavs itself; and tavs-scan, which it starts for what reads files of other programs: the parsers of hostile
 * files share no process with a key. */
extern const struct cmd_program cmd_tavs, cmd_tavs_scan;

/* Runs what the arguments say, prints what it has to say, and returns the exit status: 0 done; 1 a
 * check found something; 2 wrong use; 3 the store is missing, damaged or refused; 4 wrong
 * passphrase; 5 the system failed; 130 cancelled. */
int cmd_main(const struct cmd_program *program, int argc, char **argv);

#endif
