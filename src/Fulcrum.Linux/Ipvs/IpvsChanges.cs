using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Generic;

namespace Fulcrum.Linux.Ipvs;

/// <summary>Changes of services and destinations, to be carried out in this order and as few sends as possible.</summary>
public sealed class IpvsChanges : IDisposable
{
    private readonly ushort _family;

    internal IpvsChanges(ushort family) => _family = family;

    public int Count => Writer.Count;

    internal NetlinkWriter Writer { get; } = new();

    public void Add(IpvsService service) => Service(IpvsNumbers.NewService, service);

    public void Change(IpvsService service) => Service(IpvsNumbers.SetService, service);

    public void Delete(IpvsServiceKey service)
    {
        Begin(IpvsNumbers.DeleteService);
        IpvsServiceCodec.EncodeKey(Writer, service);
        Writer.End();
    }

    public void Add(IpvsServiceKey service, IpvsDestination destination) =>
        Destination(IpvsNumbers.NewDestination, service, destination);

    public void Change(IpvsServiceKey service, IpvsDestination destination) =>
        Destination(IpvsNumbers.SetDestination, service, destination);

    public void Delete(IpvsServiceKey service, IpvsDestination destination)
    {
        Begin(IpvsNumbers.DeleteDestination);
        IpvsServiceCodec.EncodeKey(Writer, service);
        IpvsDestinationCodec.EncodeKey(Writer, destination);
        Writer.End();
    }

    public void Dispose() => Writer.Dispose();

    private void Service(byte command, IpvsService service)
    {
        Begin(command);
        IpvsServiceCodec.Encode(Writer, service);
        Writer.End();
    }

    private void Destination(byte command, IpvsServiceKey service, IpvsDestination destination)
    {
        Begin(command);
        IpvsServiceCodec.EncodeKey(Writer, service);
        IpvsDestinationCodec.Encode(Writer, destination);
        Writer.End();
    }

    private void Begin(byte command)
    {
        Writer.Begin(_family, NetlinkFlags.None);
        GenericMessage.Write(Writer, command, IpvsNumbers.Version);
    }
}
