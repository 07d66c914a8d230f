#pragma once
#include "hook.h"

// What a packet for a vip must be. A frame may be longer than the packet in it: the shortest are padded.
INLINE u32 check_length(hook *context, const struct packet *packet)
{
    u32 least = header_length(packet) + (packet->is_error ? sizeof(struct icmp) + header_length(packet) + sizeof(struct udp)
                                         : packet->flow.protocol == PROTOCOL_TCP ? sizeof(struct tcp)
                                                                                 : sizeof(struct udp));
    return packet->length < least                                        ? DROPPED_MALFORMED
           : packet->network + packet->length > frame_length(context) ? DROPPED_CUT
                                                                         : READ;
}
