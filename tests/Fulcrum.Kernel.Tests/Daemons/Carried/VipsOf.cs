using System.Net;

namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>The addresses of <see cref="CarriedServices"/>, of each family.</summary>
internal static class VipsOf
{
    /// <summary>The one that servers beside the director have, too.</summary>
    public static IPAddress Front(bool isSix) => Kit.Lab.VipOf(isSix);

    public static IPAddress EveryPort(bool isSix) => Of(isSix, "192.0.2.81", "2001:db8::81");

    public static IPAddress Marked(bool isSix) => Of(isSix, "192.0.2.82", "2001:db8::82");

    public static IPAddress Macvlan(bool isSix) => Of(isSix, "192.0.2.83", "2001:db8::83");

    public static IPAddress Vlan(bool isSix) => Of(isSix, "10.100.0.80", "fd00:100::80");

    /// <summary>Only the director's own address leads there.</summary>
    public static IPAddress Dummy(bool isSix) => Of(isSix, "198.51.100.80", "2001:db8:1::80");

    public static IPAddress OwnDummy(bool isSix) => Of(isSix, "198.51.100.81", "2001:db8:1::81");

    public static IEnumerable<IPAddress> All =>
        from isSix in (bool[])[false, true]
        from of in (Func<bool, IPAddress>[])[Front, EveryPort, Marked, Macvlan, Vlan, Dummy, OwnDummy]
        select of(isSix);

    private static IPAddress Of(bool isSix, string address, string address6) =>
        IPAddress.Parse(isSix ? address6 : address);
}
