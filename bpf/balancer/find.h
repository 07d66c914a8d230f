// Which vip a packet is for, and whether its source may have it.
#pragma once
#include "options.h"
#include "packet.h"

INLINE int is_vip_address(struct packet *packet)
{
    struct address_key key = {.length = 128};
    copy_words(key.address, packet->flow.destination);
    return map_lookup(&addresses, &key) != 0;
}

// Ranges of an address' ports, then prefixes of addresses with the port and with all.
SEPARATE int find_wide(struct packet *packet, struct vip *to)
{
    if (!packet || !to)
        return 0;
    struct flow *flow = &packet->flow;
    struct vip *vip = 0;
    if (has_ranges) {
        struct range_key key ALIGNED = {.length = 176, .protocol = flow->protocol, .port = flow->destination_port};
        copy_address(key.address, flow->destination);
        vip = map_lookup(&ranges, &key);
    }
    if (!vip && has_prefixes) {
        struct prefix_key key ALIGNED = {.length = 160, .protocol = flow->protocol, .port = flow->destination_port};
        copy_address(key.address, flow->destination);
        vip = map_lookup(&prefixes, &key);
        if (!vip) {
            key.port = 0;
            vip = map_lookup(&prefixes, &key);
        }
    }
    if (!vip)
        return 0;
    *to = *vip;
    return 1;
}

// One port of one address comes first.
INLINE int find_vip(struct packet *packet, struct vip *to)
{
    struct vip_key key ALIGNED = {.port = packet->flow.destination_port, .protocol = packet->flow.protocol};
    copy_address(key.address, packet->flow.destination);
    struct vip *vip = map_lookup(&vips, &key);
    if (!vip)
        return (has_ranges || has_prefixes) && find_wide(packet, to);
    *to = *vip;
    return 1;
}

INLINE int is_admitted(struct packet *packet, const struct vip *vip)
{
    if (!has_sources || !(vip->flags & VIP_LISTS_SOURCES))
        return 1;
    struct source_key key ALIGNED = {.length = 160, .vip = vip->number};
    copy_address(key.address, packet->flow.source);
    u32 *found = map_lookup(&sources, &key);
    return found ? *found == SOURCE_ALLOWED : !(vip->flags & VIP_ADMITS_LISTED);
}
