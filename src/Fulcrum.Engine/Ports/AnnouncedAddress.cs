using System.Net;
using Fulcrum.Model.Announcements;

namespace Fulcrum.Engine.Ports;

/// <summary>Which announcement, of which address.</summary>
public sealed record AnnouncementKey(string Announcement, IPAddress Address)
{
    public override string ToString() => $"{Announcement}/{Address}";
}

public enum AnnouncementPhase
{
    /// <summary>Takes part in choosing who is active (VRRP, neighbor), and says nothing about the address yet.</summary>
    Stand,

    /// <summary>The address is up here: the network is told.</summary>
    Announce,
}

/// <summary>One address that one announcement tells the network of.</summary>
public sealed record AnnouncedAddress(AnnouncementKey Key, AnnouncementSpec Spec, AnnouncementPhase Phase);
