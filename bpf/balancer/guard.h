// What each processor may do in a tick: it stores so many flows that come without a handshake, and tells so many errors
// (RFC 4443, 2.4 (f); RFC 1812, 4.3.2.8). Beyond that a flood of invented flows would wash the table out, or be mirrored.
#pragma once
#include "count.h"
#include "options.h"

INLINE struct spent *spent_now(void)
{
    u32 zero = 0, now = tick();
    struct spent *spent = map_lookup(&spending, &zero);
    if (spent && spent->tick != now) {
        spent->tick = now;
        spent->fresh = 0;
        spent->errors = 0;
    }
    return spent;
}

INLINE int may_store(void)
{
    struct spent *spent = spent_now();
    return spent && spent->fresh < most_fresh && ++spent->fresh;
}

INLINE int may_tell(void)
{
    struct spent *spent = spent_now();
    return spent && spent->errors < most_errors && ++spent->errors;
}
