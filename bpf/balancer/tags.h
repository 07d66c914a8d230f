// What stands between the hardware addresses and the IP packet: tags of VLANs, and a type. When the head of a frame moves
// they move with it; a packet leaves with the tags that it came with, unless its backend or client is in another VLAN.
#pragma once
#include "packet.h"

// What room is made for.
enum room_for { ROOM_FOR_ERROR, ROOM_FOR_PACKET, ROOM_FOR_DATAGRAM };

// What an error quotes of a transport, and what that is in the error's checksum.
struct quotation {
    u32 bytes;
    u16 sum; // if it is known without a look
    u8 is_summed;
};

enum { QUOTED_BYTES = 8 };

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
    if (has_vlans) {
        if (packet->network >= 18)
            first[0] = tags->outer;
        if (packet->network >= 22)
            first[1] = tags->inner;
    }
    *last = type;
    return 1;
}

INLINE u64 network_behind(const struct tags *tags)
{
    return sizeof(struct ethernet) + (tags->outer ? 4 : 0) + (tags->inner ? 4 : 0);
}

INLINE int is_same_tags(const struct tags *one, const struct tags *other)
{
    return one->outer == other->outer && one->inner == other->inner;
}

// The tag of another VLAN in the place of all that there are; the priority stays (IEEE 802.1Q, 9.6).
INLINE struct tags tags_of(u16 vlan, const struct packet *packet)
{
    u32 priority = packet->tags.outer & 0x00f00000;
    return (struct tags){.outer = vlan == VLAN_NONE ? 0 : TYPE_TAG | (u32)SWAP16(vlan) << 16 | priority};
}
