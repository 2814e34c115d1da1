/*
 * cli/priority.h - leaving the machine to others
 *
 * For long work that nobody waits for. Not the lowest priority: what is done
 * under the store's lock must come to an end also where all processors are
 * busy. The platform's code is priority_posix.c.
 */
#ifndef CLI_PRIORITY_H
#define CLI_PRIORITY_H

/*
 * Of processor and disk, for this process from now on. Where all processors
 * are busy it gets a tenth of what another one gets, and all of one elsewhere.
 */
void priority_lower(void);

/*
 * The same for a process that leads a session of its own: the system shares
 * processors out to sessions first.
 */
void priority_lower_session(void);

#endif
