// What stands between the hardware addresses and the IP packet: tags of VLANs, and a type. When the head of a frame moves
// they move with it, so that a packet leaves with the tags that it came with.
#pragma once
#include "packet.h"

struct tags {
    u32 outer;
    u32 inner;
};

// More than there may be: whatever is forwarded is long enough.
INLINE int take_tags(struct view view, struct tags *tags)
{
    u32 *first = (u32 *)(view.data + 12);
    if ((u8 *)(first + 2) > view.end)
        return 0;
    tags->outer = first[0];
    tags->inner = first[1];
    return 1;
}

INLINE int put_tags(struct view view, const struct packet *packet, const struct tags *tags, u16 type)
{
    u32 *first = (u32 *)(view.data + 12);
    u16 *last = (u16 *)place(view, packet->network - 2);
    if ((u8 *)(first + 2) > view.end || (u8 *)(last + 1) > view.end)
        return 0;
    if (packet->network >= 18)
        first[0] = tags->outer;
    if (packet->network >= 22)
        first[1] = tags->inner;
    *last = type;
    return 1;
}
