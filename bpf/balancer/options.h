// What is chosen once, when the program is loaded. The verifier knows these values and removes what they forbid, so that
// a feature that nobody uses costs nothing.
#pragma once
#include "bpf.h"

// The same on all nodes of a group: then any of them picks the same backend.
const volatile u64 hash_seed = 0;

const volatile u8 has_vlans = 1;
const volatile u8 has_ipv6 = 1;
const volatile u8 has_ranges = 1;
const volatile u8 has_prefixes = 1;
const volatile u8 has_sources = 1;
const volatile u8 has_connections = 1;
const volatile u8 has_tunnels = 1;
const volatile u8 has_nat = 1;

// 1: back out of the same interface by the driver's own ring. 0: by a redirect to that interface, which veth needs: what
// it is to transmit by its own it loses unless its peer has a program, too.
const volatile u8 transmits = 1;

// Fragments but the first have no ports, and none but the kernel's own reassembly could tell whose they are; options
// would move everything else. Both are rare: at the address of a vip the kernel gets them, or nobody.
const volatile u8 passes_fragments = 0;
const volatile u8 passes_options = 0;

// Of the digests of flows (recent.h); and how many sets of them there are.
const volatile u32 recent_keys[12] = {};
const volatile u32 recent_sets = 0;

// Ticks (256 jiffies) of silence after which a flow is forgotten; 0: never.
const volatile u32 tcp_idle = 0;
const volatile u32 udp_idle = 60;
const volatile u32 closing_idle = 60;

// Nanoseconds after which tables are nobody's whom nobody looks after; 0: never.
const volatile u64 attended_for = 0;

// On each processor in one tick: flows that may be stored without a handshake, and errors that may be told.
const volatile u32 most_fresh = 125000;
const volatile u32 most_errors = 1000;

// Ports that a connection may have on the way to its backend, with NAT of its source.
const volatile u16 first_port = 1024;
const volatile u16 port_count = 64512;
