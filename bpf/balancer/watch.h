// Who looks after the tables writes down the time every few seconds. When that has not been done for long nobody checks
// backends any more, and where it is wanted so the kernel gets every packet, as if there were no balancer.
#pragma once
#include "options.h"
#include "tables.h"

INLINE int is_unattended(void)
{
    u32 zero = 0;
    u64 *pulse = map_lookup(&pulses, &zero);
    // It may be written while we look.
    u64 now = time_coarse();
    return pulse && *pulse < now && now - *pulse > attended_for;
}
