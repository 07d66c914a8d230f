namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>The queueing disciplines of all interfaces.</summary>
public sealed class QueueDisciplines : NetlinkTable<QueueDiscipline>
{
    internal QueueDisciplines(NetlinkConnection connection, NetlinkOpening open)
        : base(connection, open, new QueueDisciplineCodec()) { }
}
