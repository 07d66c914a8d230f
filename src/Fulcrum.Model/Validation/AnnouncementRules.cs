using Fulcrum.Model.Announcements;

namespace Fulcrum.Model.Validation;

internal static class AnnouncementRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using (findings.In("announcements"))
        {
            var routers = new Dictionary<(string Interface, int Id), string>();
            foreach (var announcement in snapshot.Announcements)
            {
                using var at = findings.In(announcement.Name);
                using (findings.In("select"))
                {
                    References.CheckAll(findings, snapshot.Vips, "vip", "vip", announcement.Select.Vip);
                    References.CheckAll(findings, snapshot.Pools, "address pool", "pool", announcement.Select.Pool);
                }

                switch (announcement.Spec)
                {
                    case BgpAnnouncement bgp:
                        using (findings.In("bgp"))
                        {
                            References.CheckAll(findings, snapshot.Peers, "peer", "peers", bgp.Peers);
                        }

                        break;
                    case VrrpAnnouncement vrrp:
                        CheckRouter(findings, routers, announcement.Name, vrrp);
                        break;
                }
            }
        }

        CheckPeers(findings, snapshot);
    }

    private static void CheckRouter(
        Findings findings,
        Dictionary<(string Interface, int Id), string> routers,
        string name,
        VrrpAnnouncement vrrp
    )
    {
        using var field = findings.In("vrrp");
        if (!routers.TryAdd((vrrp.Interface, vrrp.Id), name))
        {
            findings.Error(
                $"id {vrrp.Id} on {vrrp.Interface} is already that of '{routers[(vrrp.Interface, vrrp.Id)]}'",
                "one id for each virtual router on an interface (RFC 9568 section 1.7)",
                rival: routers[(vrrp.Interface, vrrp.Id)]
            );
        }
    }

    private static void CheckPeers(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("peers");
        foreach (var peer in snapshot.Peers)
        {
            using var at = findings.In(peer.Name);
            using var field = findings.In("bgp");
            var hold = peer.Bgp.HoldTime;
            if (hold != TimeSpan.Zero && hold < TimeSpan.FromSeconds(3))
            {
                findings.Error($"hold-time is {hold.TotalSeconds:0.###} s", "0 or at least 3s (RFC 4271 section 4.2)");
            }
            else if (hold != TimeSpan.Zero && peer.Bgp.Keepalive > hold)
            {
                findings.Error("keepalive is longer than hold-time");
            }
        }
    }
}
