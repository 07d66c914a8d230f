// What the program needs of the hook that it runs at. There are two, and both have these:
//
//   hook            what the kernel gives a program
//   look            where the bytes are that can be read and written
//   reach           makes all headers such bytes
//   ingress_of      the interface
//   frame_length    all bytes, whether they can be read or not
//   copy_bytes      from the beginning of the frame
//   carried_tag     a tag of a VLAN that is not among the bytes
//   fits            is a packet, within another, no longer than may be?
//   is_many         it is a long one that is cut into many later
//   make_room       before the IP packet
//   cut             makes the packet end early
//   quote           says how much of a transport an error quotes
//   change_tags     of VLANs
//   update_transport    the checksum of TCP or UDP
//   note_change     of bytes that no checksum makes up for
//   transmit        the verdict for a packet that leaves
#pragma once
#ifdef AT_TRAFFIC_CONTROL
#include "tc.h"
#else
#include "xdp.h"
#endif
