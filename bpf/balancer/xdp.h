// The hook in the driver: a frame is all its bytes, and nothing was made of it.
#pragma once
#include "checksum.h"
#include "options.h"
#include "tags.h"

typedef struct xdp_md hook;

INLINE struct view look(hook *context)
{
    return (struct view){(u8 *)(long)context->data, (u8 *)(long)context->data_end};
}

INLINE void reach(hook *context) {}

INLINE u32 ingress_of(hook *context) { return context->ingress_ifindex; }

INLINE u64 frame_length(hook *context)
{
    struct view view = look(context);
    return view.end - view.data;
}

INLINE long copy_bytes(hook *context, void *to, u32 length) { return xdp_load_bytes(context, 0, to, length); }

INLINE u32 carried_tag(hook *context) { return 0; }

INLINE int fits(hook *context, const struct packet *packet, u32 overhead, u32 mtu)
{
    return packet->length + overhead <= mtu;
}

INLINE int is_many(hook *context) { return 0; }

// Hardware addresses are not moved along: all frames that leave get others.
INLINE int make_room(hook *context, struct packet *packet, u32 room, u16 type, enum room_for what)
{
    struct tags tags = {};
    if (has_vlans && !take_tags(look(context), &tags))
        return 0;
    return !xdp_adjust_head(context, -(int)room) && put_tags(look(context), packet, &tags, type);
}

INLINE int cut(hook *context, struct packet *packet, u32 length)
{
    int beyond = (int)frame_length(context) - (int)(packet->network + length);
    return beyond <= 0 || !xdp_adjust_tail(context, -beyond);
}

INLINE struct quotation quote(hook *context, const struct packet *packet)
{
    return (struct quotation){.bytes = QUOTED_BYTES};
}

FUNCTION int change_tags(hook *context, struct packet *packet, const struct tags *tags)
{
    struct view view = look(context);
    u16 *type = (u16 *)place(view, packet->network - 2);
    if ((u8 *)(type + 1) > view.end)
        return 0;
    u16 found = *type;
    u64 before = packet->network;
    packet->network = network_behind(tags);
    return !xdp_adjust_head(context, (int)before - (int)packet->network) && put_tags(look(context), packet, tags, found);
}

INLINE void update_transport(hook *context, const struct packet *packet, u16 *checksum, u64 addresses, u64 ports)
{
    *checksum = packet->flow.protocol == PROTOCOL_UDP ? updated_udp(*checksum, addresses + ports)
                                                      : updated(*checksum, addresses + ports);
}

INLINE void note_change(hook *context, u64 difference) {}

INLINE int transmit(hook *context, const struct packet *packet)
{
    u32 egress = packet->egress ? packet->egress : packet->ingress;
    return transmits && egress == packet->ingress ? XDP_TX : redirect(egress, 0);
}
