// A look at packets while they go through: the first bytes of each that an operator asked for, with the reason that it went
// so, to user space. Who asks is not there most of the time: then this is a load and a branch, and without has_tap
// nothing.
//
// What a packet is asked for by is known in the end only: why it went, and of an answer its client. So its bytes are put
// aside when it comes, in a place of this processor's, and what is not asked for goes no further. A buffer that nobody
// reads fast enough has no room, and what is lost is counted.
#pragma once
#include "hook.h"

// 1: there may be one. It needs Linux 5.18.
const volatile u8 has_tap = 1;

enum { TAP_CAME = 1, TAP_LEFT = 2, TAP_MOST_BYTES = 2048 };

// What is asked for; of addresses the bits that the masks have.
struct tap {
    u32 directions; // 0: nothing
    u32 bytes;      // of each packet
    u64 reasons[2]; // a bit for each
    u32 client[4];
    u32 client_mask[4];
    u32 vip[4];
    u32 vip_mask[4];
    u16 port;    // of the vip; 0: any
    u8 protocol; // 0: any
    u8 pad;
    u32 pad_more;
};

struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, struct tap);
} taps SEC(".maps");

struct tapped {
    u64 time; // nanoseconds of the monotonic clock
    u32 reason;
    u32 interface;
    u32 length; // of the frame
    u32 kept;   // of these, here
    u32 direction;
    u32 pad;
    u8 bytes[TAP_MOST_BYTES];
};

enum { TAPPED_HEADER = sizeof(struct tapped) - TAP_MOST_BYTES };

struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, 2);
    TYPE(key, u32);
    TYPE(value, struct tapped);
} tap_places SEC(".maps");

struct {
    NUMBER(type, MAP_RING_BUFFER);
    NUMBER(max_entries, 262144);
} tap_ring SEC(".maps");

// Records that found no room.
struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, u64);
} tap_losses SEC(".maps");

INLINE void put_aside(hook *context, const struct tap *tap, struct tapped *place)
{
    u64 length = frame_length(context), kept = length < tap->bytes ? length : tap->bytes;
    place->length = length;
    place->kept = 0;
    place->time = time_now();
    if (!kept || kept > TAP_MOST_BYTES)
        return;
    // Verifiers before Linux 6.8 learn nothing from a number that is not 0, but they do from a mask; the barrier keeps the
    // compiler from leaving out what it knows to be so.
    asm volatile("" : "+r"(kept));
    kept = ((kept - 1) & (TAP_MOST_BYTES - 1)) + 1;
    if (!copy_bytes(context, place->bytes, kept))
        place->kept = kept;
}

FUNCTION int tap_coming(hook *context)
{
    u32 zero = 0, came = 0;
    struct tap *tap = map_lookup(&taps, &zero);
    struct tapped *place = map_lookup(&tap_places, &came);
    if (tap && place && (tap->directions & TAP_CAME))
        put_aside(context, tap, place);
    return 0;
}

INLINE void tap_before(hook *context, struct packet *packet)
{
    u32 zero = 0;
    struct tap *tap = map_lookup(&taps, &zero);
    if (!tap || !tap->directions)
        return;
    packet->is_tapped = 1;
    tap_coming(context);
}

// An answer is its client's and its vip's, as the client's packets are.
INLINE void tap_answer(struct packet *packet, const struct flow *to)
{
    if (!has_tap || !packet->is_tapped)
        return;
    copy_address(packet->flow.source, to->destination);
    copy_address(packet->flow.destination, to->source);
    describe_ports(&packet->flow, to->destination_port, to->source_port, to->protocol);
}

INLINE int is_masked(const u32 *address, const u32 *wanted, const u32 *mask)
{
    return !(((address[0] ^ wanted[0]) & mask[0]) | ((address[1] ^ wanted[1]) & mask[1]) |
             ((address[2] ^ wanted[2]) & mask[2]) | ((address[3] ^ wanted[3]) & mask[3]));
}

INLINE int is_asked_for(const struct tap *tap, const struct packet *packet, u32 reason)
{
    return reason < REASONS && (tap->reasons[(reason >> 6) & 1] >> (reason & 63)) & 1 &&
           is_masked(packet->flow.source, tap->client, tap->client_mask) &&
           is_masked(packet->flow.destination, tap->vip, tap->vip_mask) &&
           (!tap->port || tap->port == packet->flow.destination_port) &&
           (!tap->protocol || tap->protocol == packet->flow.protocol);
}

INLINE void give(struct tapped *place, u32 reason, u32 interface, u32 direction)
{
    place->reason = reason;
    place->interface = interface;
    place->direction = direction;
    u64 length = TAPPED_HEADER + (u64)place->kept;
    if (length > sizeof *place || ring_output(&tap_ring, place, length, 0)) {
        u32 zero = 0;
        u64 *losses = map_lookup(&tap_losses, &zero);
        if (losses)
            (*losses)++;
    }
}

FUNCTION int tap_after(hook *context, struct packet *packet, u32 reason)
{
    u32 came = 0, left = 1, zero = 0;
    struct tap *tap = map_lookup(&taps, &zero);
    if (!tap || !is_asked_for(tap, packet, reason))
        return 0;
    struct tapped *place = map_lookup(&tap_places, &came);
    if (place && (tap->directions & TAP_CAME))
        give(place, reason, packet->ingress, TAP_CAME);
    place = map_lookup(&tap_places, &left);
    if (place && (tap->directions & TAP_LEFT) && reason >= SENT && reason < SAW) {
        put_aside(context, tap, place);
        give(place, reason, packet->egress ? packet->egress : packet->ingress, TAP_LEFT);
    }
    return 0;
}
