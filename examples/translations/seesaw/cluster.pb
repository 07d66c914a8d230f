# The constructs of Seesaw v2's example cluster, with a firewall-mark service added.
seesaw_vip: < fqdn: "seesaw-vip1.example.com." ipv4: "192.168.10.1/24" ipv6: "2015:cafe::1/64" status: PRODUCTION >
node: < fqdn: "seesaw1-1.example.com." ipv4: "192.168.10.2/24" ipv6: "2015:cafe::2/64" status: PRODUCTION >
node: < fqdn: "seesaw1-2.example.com." ipv4: "192.168.10.3/24" ipv6: "2015:cafe::3/64" status: PRODUCTION >
bgp_local_asn: 64512
bgp_remote_asn: 64513
bgp_peer: < fqdn: "au-syd-router1.example.com." ipv4: "192.168.10.253/24" ipv6: "2015:cafe::fe/64" >
vserver: <
  name: "radius.server@au-syd"
  entry_address: < fqdn: "radius-anycast.example.com." ipv4: "192.168.255.10/24" status: PRODUCTION >
  rp: "radius-team@example.com"
  vserver_entry: < protocol: UDP port: 1812 scheduler: WRR persistence: 120
    healthcheck: < type: RADIUS interval: 3 timeout: 2 port: 1812 send: "radius-monitor:ignored:random" receive: "accept" mode: DSR retries: 1 > >
  backend: < host: < fqdn: "radius1-1.example.com." ipv4: "192.168.11.1/24" status: PRODUCTION > weight: 1 >
  backend: < host: < fqdn: "radius1-2.example.com." ipv4: "192.168.11.2/24" status: PRODUCTION > weight: 1 >
  healthcheck: < type: HTTP interval: 4 timeout: 1 port: 11000 send: "/healthz" tls_verify: false >
  access_grant: < grantee: "radius-oncall" role: OPS type: GROUP >
  access_grant: < grantee: "radius-admin" role: ADMIN type: GROUP >
>
vserver: <
  name: "dns.resolver@au-syd"
  entry_address: < fqdn: "dns-anycast.example.com." ipv4: "192.168.255.1/24" status: PRODUCTION >
  rp: "corpdns-team@example.com"
  vserver_entry: < protocol: UDP port: 53 scheduler: RR server_low_watermark: 0.3
    healthcheck: < type: DNS interval: 5 timeout: 2 port: 53 send: "www.example.com" receive: "192.168.0.1" mode: DSR method: "a" retries: 1 > >
  vserver_entry: < protocol: TCP port: 53 scheduler: RR server_low_watermark: 0.3
    healthcheck: < type: DNS interval: 5 timeout: 2 port: 53 send: "www.example.com" receive: "192.168.0.1" mode: DSR method: "a" retries: 1 > >
  backend: < host: < fqdn: "dns1-1.example.com." ipv4: "192.168.12.1/24" ipv6: "2015:cafe:12::1/64" status: PRODUCTION > weight: 1 >
  backend: < host: < fqdn: "dns1-2.example.com." ipv4: "192.168.12.2/24" ipv6: "2015:cafe:12::2/64" status: DISABLED > weight: 1 >
  backend: < host: < fqdn: "dns1-3.example.com." ipv4: "192.168.12.3/24" status: BUILDING > weight: 1 >
>
vserver: <
  name: "http.proxy@au-syd"
  entry_address: < fqdn: "proxy-vip.example.com." ipv4: "192.168.100.1/26" status: PRODUCTION >
  rp: "proxy-team@example.com"
  vserver_entry: < protocol: TCP port: 3128 scheduler: WLC mode: DSR persistence: 600 server_low_watermark: 0.3 server_high_watermark: 0.6 lthreshold: 800 uthreshold: 1000
    healthcheck: < type: HTTP port: 3128 send: "http://localhost/status.html" receive: "OK" mode: DSR proxy: true tls_verify: false > >
  backend: < host: < fqdn: "proxy1-1.example.com." ipv4: "192.168.13.1/24" status: PRODUCTION > weight: 5 >
  backend: < host: < fqdn: "proxy1-2.example.com." ipv4: "192.168.13.2/24" status: PRODUCTION > weight: 5 >
>
vserver: <
  name: "irc.server@au-syd"
  entry_address: < fqdn: "irc-vip.example.com." ipv4: "192.168.14.40/24" status: PRODUCTION >
  rp: "irc-team@example.com"
  use_fwm: true
  vserver_entry: < protocol: TCP port: 6667 scheduler: SH mode: DSR healthcheck: < type: TCP port: 6667 send: "PING\r\n" receive: "ERROR" > >
  vserver_entry: < protocol: TCP port: 6697 scheduler: SH mode: DSR healthcheck: < type: TCP_TLS port: 6697 tls_verify: false > >
  backend: < host: < fqdn: "irc1-1.example.com." ipv4: "192.168.14.1/24" status: PRODUCTION > weight: 1 >
  backend: < host: < fqdn: "irc1-2.example.com." ipv4: "192.168.14.2/24" status: PRODUCTION > weight: 1 >
>
vlan: < vlan_id: 511 host: < fqdn: "seesaw1-vlan511.example.com." ipv4: "192.168.11.252/24" ipv6: "2015:cafe:11::ff01/64" > >
vlan: < vlan_id: 514 host: < fqdn: "seesaw1-vlan514.example.com." ipv4: "192.168.14.252/24" > >
metadata: < last_updated: 1447906527 >
dedicated_vip_subnet: "192.168.100.0/26"
dedicated_vip_subnet: "2015:cafe:100::/64"
