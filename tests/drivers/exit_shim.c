/* Preloaded into a program under test: GLPK ends the process, as some libraries do where they get no memory. */
#include <stdlib.h>

void *glp_create_prob(void)
{
    exit(1);
}
