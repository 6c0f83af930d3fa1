/* cmd: the command line. One file a command, and the table of commands. */
#ifndef TAVS_CMD_H
#define TAVS_CMD_H

/* Runs what the arguments say, prints what it has to say, and returns the exit status: 0 done; 1 a
 * check found something; 2 wrong use; 3 the store is missing, damaged or refused; 4 wrong
 * passphrase; 5 the system failed; 130 cancelled. */
int cmd_main(int argc, char **argv);

#endif
