using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Generic;

namespace Fulcrum.Linux.Ipvs;

/// <summary>
/// The kernel's balancer (IPVS) of one network namespace, as <c>ipvsadm</c> shows and changes it.
/// <para>
/// It tells nobody of changes, and a dump is read page by page without a word of what changed meanwhile: who wants to
/// know must ask again, and there should be one who writes. Destinations of a service that is not there are an empty
/// list, no error. The errors are: <see cref="Errno.Exists"/>; <see cref="Errno.NoProcess"/>, no such service;
/// <see cref="Errno.NotFound"/>, no such destination or scheduler; none comes with words.
/// </para>
/// </summary>
public sealed class IpvsControl : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly GenericNetlink _generic;
    private readonly ushort _family;

    private IpvsControl(GenericNetlink generic, ushort family)
    {
        _generic = generic;
        _family = family;
    }

    /// <summary>Finds it, and lets the kernel load its module; null: this kernel has none.</summary>
    /// <param name="open">Opens sockets in the namespace that is meant, from whatever thread.</param>
    /// <exception cref="NetlinkException"/>
    public static async Task<IpvsControl?> OpenAsync(
        NetlinkOpening open,
        TimeProvider time,
        CancellationToken cancellation = default
    )
    {
        var generic = new GenericNetlink(open, time, Patience);
        try
        {
            if (await generic.FindAsync(IpvsNumbers.Family, cancellation) is { } family)
            {
                return new(generic, family.Id);
            }
        }
        catch
        {
            generic.Dispose();
            throw;
        }

        generic.Dispose();
        return null;
    }

    public IpvsChanges NewChanges() => new(_family);

    /// <summary>Carries out all, and gives how each fared: null for done.</summary>
    /// <exception cref="NetlinkException">There was no answer.</exception>
    public Task<NetlinkError?[]> ApplyAsync(IpvsChanges changes, CancellationToken cancellation = default) =>
        _generic.Connection.ChangeAsync(changes.Writer, $"apply {changes.Count} changes of IPVS", cancellation);

    /// <exception cref="NetlinkException"/>
    public Task<IReadOnlyList<IpvsService>> ListServicesAsync(CancellationToken cancellation = default) =>
        AskAsync<IpvsService>(
            "list IPVS services",
            IpvsNumbers.GetService,
            NetlinkFlags.Dump,
            static _ => { },
            IpvsReplies.TryReadService,
            cancellation
        );

    /// <exception cref="NetlinkException"/>
    public Task<IReadOnlyList<IpvsDestination>> ListDestinationsAsync(
        IpvsServiceKey service,
        CancellationToken cancellation = default
    ) =>
        AskAsync(
            $"list the destinations of IPVS service {service}",
            IpvsNumbers.GetDestination,
            NetlinkFlags.Dump,
            writer => IpvsServiceCodec.EncodeKey(writer, service),
            IpvsReplies.DestinationsOf(service.Family),
            cancellation
        );

    /// <summary>Takes all services away.</summary>
    /// <exception cref="NetlinkException"/>
    public Task FlushAsync(CancellationToken cancellation = default) =>
        ChangeAsync("flush IPVS", IpvsNumbers.Flush, static _ => { }, cancellation);

    /// <summary>Lets the counters begin anew.</summary>
    /// <param name="service">Null: of all.</param>
    /// <exception cref="NetlinkException"/>
    public Task ZeroAsync(IpvsServiceKey? service = null, CancellationToken cancellation = default) =>
        ChangeAsync(
            $"zero the counters of IPVS service {service?.ToString() ?? "*"}",
            IpvsNumbers.Zero,
            writer =>
            {
                if (service is not null)
                {
                    IpvsServiceCodec.EncodeKey(writer, service);
                }
            },
            cancellation
        );

    /// <exception cref="NetlinkException"/>
    public Task StartAsync(IpvsDaemon daemon, CancellationToken cancellation = default) =>
        ChangeAsync(
            $"start IPVS daemon {daemon}",
            IpvsNumbers.NewDaemon,
            writer => IpvsDaemonCodec.Encode(writer, daemon),
            cancellation
        );

    /// <summary>
    /// Stops the daemon. One that was started only just now stops without an acknowledgement: the kernel's thread is
    /// interrupted before it ran, and of an interruption netlink tells nothing. So it is looked for.
    /// </summary>
    /// <exception cref="NetlinkException"/>
    public async Task StopAsync(IpvsDaemonRole role, CancellationToken cancellation = default)
    {
        try
        {
            await ChangeAsync(
                $"stop IPVS daemon {role}",
                IpvsNumbers.DeleteDaemon,
                writer => IpvsDaemonCodec.EncodeRole(writer, role),
                cancellation
            );
        }
        catch (NetlinkException exception) when (exception.Error == Errno.TimedOut)
        {
            if ((await ListDaemonsAsync(cancellation)).Any(daemon => daemon.Role == role))
            {
                throw;
            }
        }
    }

    /// <exception cref="NetlinkException"/>
    public Task<IReadOnlyList<IpvsDaemon>> ListDaemonsAsync(CancellationToken cancellation = default) =>
        AskAsync<IpvsDaemon>(
            "list IPVS daemons",
            IpvsNumbers.GetDaemon,
            NetlinkFlags.Dump,
            static _ => { },
            IpvsReplies.TryReadDaemon,
            cancellation
        );

    /// <exception cref="NetlinkException"/>
    public async Task<IpvsTimeouts> GetTimeoutsAsync(CancellationToken cancellation = default) =>
        Single(
            await AskAsync<IpvsTimeouts>(
                "read the timeouts of IPVS",
                IpvsNumbers.GetConfiguration,
                NetlinkFlags.None,
                static _ => { },
                IpvsReplies.TryReadTimeouts,
                cancellation
            ),
            "read the timeouts of IPVS"
        );

    /// <exception cref="NetlinkException"/>
    public Task SetTimeoutsAsync(IpvsTimeouts timeouts, CancellationToken cancellation = default) =>
        ChangeAsync(
            "set the timeouts of IPVS",
            IpvsNumbers.SetConfiguration,
            writer =>
            {
                writer.Put(IpvsNumbers.TcpTimeout, (uint)timeouts.Tcp.TotalSeconds);
                writer.Put(IpvsNumbers.TcpFinishedTimeout, (uint)timeouts.TcpFinished.TotalSeconds);
                writer.Put(IpvsNumbers.UdpTimeout, (uint)timeouts.Udp.TotalSeconds);
            },
            cancellation
        );

    /// <exception cref="NetlinkException"/>
    public async Task<IpvsInformation> GetInformationAsync(CancellationToken cancellation = default) =>
        Single(
            await AskAsync<IpvsInformation>(
                "ask what IPVS is",
                IpvsNumbers.GetInformation,
                NetlinkFlags.None,
                static _ => { },
                IpvsReplies.TryReadInformation,
                cancellation
            ),
            "ask what IPVS is"
        );

    public void Dispose() => _generic.Dispose();

    private static T Single<T>(IReadOnlyList<T> answers, string action) =>
        answers is [var answer]
            ? answer
            : throw new NetlinkException(Errno.InvalidArgument, $"{answers.Count} answers", action);

    private async Task ChangeAsync(
        string action,
        byte command,
        Action<NetlinkWriter> encode,
        CancellationToken cancellation
    )
    {
        using var writer = Request(command, NetlinkFlags.None, encode);
        if (await _generic.Connection.ChangeAsync(writer, action, cancellation) is [{ } error])
        {
            throw new NetlinkException(error, action);
        }
    }

    private async Task<IReadOnlyList<T>> AskAsync<T>(
        string action,
        byte command,
        NetlinkFlags flags,
        Action<NetlinkWriter> encode,
        NetlinkDecoder<T> decode,
        CancellationToken cancellation
    )
    {
        using var writer = Request(command, flags, encode);
        return await _generic.Connection.AskAsync(writer, decode, action, cancellation);
    }

    private NetlinkWriter Request(byte command, NetlinkFlags flags, Action<NetlinkWriter> encode)
    {
        var writer = new NetlinkWriter();
        writer.Begin(_family, flags);
        GenericMessage.Write(writer, command, IpvsNumbers.Version);
        encode(writer);
        writer.End();
        return writer;
    }
}
