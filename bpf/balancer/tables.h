// All that user space and the program share. Addresses have 16 bytes, those of IPv4 mapped (RFC 4291, 2.5.5.2); addresses
// and ports are in network order. Keys are compared by their bytes, so that every gap is a field and zero. User space
// compares these layouts with its own before it uses them.
#pragma once
#include "bpf.h"
#include "reasons.h"

// A service at one port.
struct vip_key {
    u32 address[4];
    u16 port;
    u8 protocol;
    u8 pad;
};

enum vip_flag {
    VIP_BY_SOURCE = 1,        // the address of the client alone chooses
    VIP_FORGETS = 2,          // every packet is chosen for by the ring: no table is asked or filled, but by NAT
    VIP_ADMITS_LISTED = 4,    // only sources that are listed as allowed
    VIP_LISTS_SOURCES = 8,    // sources are looked up at all
};

struct vip {
    u32 number; // of its ring and counters
    u32 flags;
    // Of its ring. A ring that grows is set before this, and one that shrinks after: so no slot is ever asked for that is
    // not there.
    u32 slots;
    u32 pad;
};

struct {
    NUMBER(type, MAP_HASH);
    NUMBER(max_entries, 4096);
    TYPE(key, struct vip_key);
    TYPE(value, struct vip);
} vips SEC(".maps");

// Ports of one address: ranges as the prefixes that they are made of (at most 30), all of them as the empty prefix.
struct range_key {
    u32 length; // in bits: 32 + 128 + those of the port
    u8 protocol;
    u8 pad;
    u16 pad_more;
    u32 address[4];
    u16 port;
    u16 pad_after;
};

struct {
    NUMBER(type, MAP_LONGEST_PREFIX);
    NUMBER(map_flags, NO_PREALLOCATION);
    NUMBER(max_entries, 16384);
    TYPE(key, struct range_key);
    TYPE(value, struct vip);
} ranges SEC(".maps");

// Many addresses at one port, or at all (port 0).
struct prefix_key {
    u32 length; // in bits: 32 + those of the address
    u16 port;
    u8 protocol;
    u8 pad;
    u32 address[4];
};

struct {
    NUMBER(type, MAP_LONGEST_PREFIX);
    NUMBER(map_flags, NO_PREALLOCATION);
    NUMBER(max_entries, 4096);
    TYPE(key, struct prefix_key);
    TYPE(value, struct vip);
} prefixes SEC(".maps");

// All addresses of vips, and prefixes of them: for what has no port.
struct address_key {
    u32 length; // in bits
    u32 address[4];
};

struct {
    NUMBER(type, MAP_LONGEST_PREFIX);
    NUMBER(map_flags, NO_PREALLOCATION);
    NUMBER(max_entries, 8192);
    TYPE(key, struct address_key);
    TYPE(value, u32);
} addresses SEC(".maps");

// The hardware address of an interface. Whoever listens to all of a network (promiscuous) hears frames of others, too. An
// interface is at the place of its index modulo the size of the table; where another is there, or none, all are taken.
struct interface {
    u32 index;
    u16 hardware[3];
    u16 pad;
};

enum { INTERFACES = 1024 };

struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(max_entries, INTERFACES);
    TYPE(key, u32);
    TYPE(value, struct interface);
} interfaces SEC(".maps");

// Who may use a vip.
struct source_key {
    u32 length; // in bits: 32 + those of the address
    u32 vip;
    u32 address[4];
};

enum { SOURCE_ALLOWED = 1, SOURCE_DENIED = 2 };

struct {
    NUMBER(type, MAP_LONGEST_PREFIX);
    NUMBER(map_flags, NO_PREALLOCATION);
    NUMBER(max_entries, 65536);
    TYPE(key, struct source_key);
    TYPE(value, u32);
} sources SEC(".maps");

enum forwarding {
    FORWARD_DIRECT = 1, // the frame goes to the backend's hardware address as it is
    FORWARD_IPIP = 2,
    FORWARD_GUE = 3,
    FORWARD_NAT = 4,      // the backend's address and port; it sees the client's
    FORWARD_FULL_NAT = 5, // and it sees one of ours
};

enum backend_flag {
    BACKEND_UP = 1,     // else its flows are chosen for anew, at once
    BACKEND_DRAINS = 2, // flows stay, but a new connection never does
    BACKEND_IPV6 = 4,
};

// The VLAN that a backend is in, by its number; two of 4096 numbers are none, and say something else.
enum vlan { VLAN_KEPT = 0, VLAN_NONE = 0xfff };

// Number 0 is nobody: an empty slot of a ring names it.
struct backend {
    u32 address[4];
    u32 source[4]; // of the tunnel, or in place of the client's
    u32 generation; // goes up whenever the number is given to another backend
    u32 interface;  // 0: the one that the packet came from
    u16 hardware[3];
    u16 source_hardware[3];
    u16 port; // 0: the one that the client asked for
    u16 tunnel_port;
    u16 mtu; // of the way to it; 0: whatever comes goes
    u8 forwarding;
    u8 flags;
    u16 vlan;
    u16 pad;
};

struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(max_entries, 4096);
    TYPE(key, u32);
    TYPE(value, struct backend);
} backends SEC(".maps");

// Of each vip, by its number: an array of backends. It is replaced whole, so that a half written one is never seen.
struct {
    NUMBER(type, MAP_ARRAY_OF_MAPS);
    NUMBER(max_entries, 4096);
    NUMBER(key_size, 4);
    VALUES(struct {
        NUMBER(type, MAP_ARRAY);
        NUMBER(map_flags, INNER_MAP);
        NUMBER(max_entries, 65537);
        NUMBER(key_size, 4);
        NUMBER(value_size, 4);
    });
} rings SEC(".maps");

struct flow {
    u32 source[4];
    u32 destination[4];
    u16 source_port;
    u16 destination_port;
    u8 protocol;
    u8 pad;
    u16 pad_more;
};

enum { CONNECTION_CLOSING = 1 };

// Where the packets of a client's flow go.
struct connection {
    u32 backend;
    u32 generation;
    u32 seen; // tick
    u16 port; // of ours towards the backend, with NAT of the source
    u8 state;
    u8 pad;
};

struct {
    NUMBER(type, MAP_LRU_HASH);
    NUMBER(max_entries, 1048576);
    TYPE(key, struct flow);
    TYPE(value, struct connection);
} connections SEC(".maps");

// Those that were found there in this tick (recent.h). The whole of a set is in one line of a cache: the kernel puts entries
// that may be mapped at the beginning of a page.
struct recent_place {
    u64 check;
    u64 data;
};

enum { RECENT_PLACES = 4 };

struct recent {
    struct recent_place places[RECENT_PLACES];
};

struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(map_flags, MAPPABLE);
    NUMBER(max_entries, 65536);
    TYPE(key, u32);
    TYPE(value, struct recent);
} recents SEC(".maps");

// Tags of VLANs as they are on the wire: type and number. 0: there is none.
struct tags {
    u32 outer;
    u32 inner;
};

// What the answers of a backend become, by the flow that they have.
struct translation {
    u32 source[4];      // the vip
    u32 destination[4]; // the client
    u16 source_port;
    u16 destination_port;
    u32 backend;
    u32 vip;
    u32 seen;
    // The way back is the way that the client's packet came.
    u32 interface;
    u16 hardware[3];
    u16 source_hardware[3];
    struct tags tags;
};

struct {
    NUMBER(type, MAP_LRU_HASH);
    NUMBER(max_entries, 1048576);
    TYPE(key, struct flow);
    TYPE(value, struct translation);
} translations SEC(".maps");

// The same for connections that have not got beyond their SYN.
struct {
    NUMBER(type, MAP_LRU_HASH);
    NUMBER(max_entries, 65536);
    TYPE(key, struct flow);
    TYPE(value, struct translation);
} handshakes SEC(".maps");

// The answers to a flow: what they will have, and what they become.
struct pairing {
    struct flow answer ALIGNED;
    struct translation translation ALIGNED;
    u64 hash;
    u8 is_full; // the port is chosen
    u8 is_opening;
    u8 may_make;
    u8 pad[5];
};

// Where a processor puts one together: it is too long for the stack.
struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, struct pairing);
} pairings SEC(".maps");

// IP packets and their bytes, and connections that were begun.
struct traffic {
    u64 packets;
    u64 bytes;
    u64 connections;
    u64 answers;
    u64 answer_bytes;
};

struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, REASONS);
    TYPE(key, u32);
    TYPE(value, u64);
} counters SEC(".maps");

struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, 4096);
    TYPE(key, u32);
    TYPE(value, struct traffic);
} vip_traffic SEC(".maps");

struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, 4096);
    TYPE(key, u32);
    TYPE(value, struct traffic);
} backend_traffic SEC(".maps");

// What a processor did in this tick.
struct spent {
    u32 tick;
    u32 fresh;
    u32 errors;
    u32 pad;
};

struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, struct spent);
} spending SEC(".maps");

// When somebody looked after the tables last (CLOCK_MONOTONIC, in nanoseconds).
struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, u64);
} pulses SEC(".maps");
