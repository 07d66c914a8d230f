using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;

namespace Fulcrum.Forwarding.Vips;

/// <summary>The one dummy of all vips that ask for one: made with the first of them, and gone with the last.</summary>
internal static class OwnDummy
{
    public const string Name = "fulcrum0";

    /// <summary>Makes it, or has it up again.</summary>
    public static async Task<NetworkLink> MakeAsync(Rtnetlink net, NetworkLink? present, CancellationToken cancellation)
    {
        try
        {
            if (present is not null)
            {
                await net.Links.ChangeAsync(present.Index, new() { IsUp = true }, cancellation);
            }
            else
            {
                await net.Links.AddAsync(
                    new NetworkLink
                    {
                        Name = Name,
                        Kind = new DummyKind(),
                        Flags = LinkFlags.Up,
                        Group = OwnMarks.LinkGroup,
                    },
                    cancellation
                );
            }
        }
        catch (NetlinkException error) when (error.Error == Errno.Exists)
        {
            throw new AddressException($"there is an interface {Name} already, and it is not ours");
        }
        catch (NetlinkException error) when (error.Error == Errno.NotSupported)
        {
            throw new AddressException("this kernel has no dummy interfaces (module 'dummy')");
        }

        return await net.Links.FindAsync(Name, cancellation)
            ?? throw new AddressException($"interface {Name} went as soon as it was made");
    }

    public static async Task RemoveAsync(Rtnetlink net, NetworkLink dummy, CancellationToken cancellation)
    {
        try
        {
            await net.Links.DeleteAsync(dummy, cancellation);
        }
        catch (NetlinkException error) when (error.Error == Errno.NoDevice)
        {
            // Somebody was faster.
        }
    }
}
