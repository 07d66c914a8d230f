using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// Being carried by the kernel. A session to which nothing is done but to pass datagrams on is, once it has had some: the
/// many that ask once are not worth it. Its sockets stay, and what the kernel does not carry still comes to them: so it can
/// go there and come back at any time, and the backend sees one client all along.
/// </summary>
internal sealed partial class UdpSession
{
    private const long Never = long.MaxValue;

    /// <summary>It is a session by then, and not a question.</summary>
    private const long FirstDatagrams = 8;

    /// <summary>When it has to be told again and again that something is in the way, it is told less often.</summary>
    private const long MostDatagrams = 1024;

    private const int Nowhere = -1;

    private DatagramPaths _paths;
    private DatagramTally _sentByKernel;
    private DatagramTally _answeredByKernel;
    private ListenerPlan? _offloadedBy;
    private long _untilOffload;
    private long _patience;
    private int _place = Nowhere;
    private bool _isReturning;

    /// <summary>The kernel carries it.</summary>
    public bool IsOffloaded => _place != Nowhere && !_isReturning;

    private OffloadedSessions? Offloaded => _relay.Offloaded;

    /// <summary>Takes up what passed in the kernel.</summary>
    public void Catch()
    {
        if (_place == Nowhere)
        {
            return;
        }

        var (sent, answered) = (Offloaded!.Offload.ToBackend(_place), Offloaded.Offload.ToClient(_place));
        var (sentNow, answeredNow) = (
            sent.Datagrams - _sentByKernel.Datagrams,
            answered.Datagrams - _answeredByKernel.Datagrams
        );
        if (sentNow == 0 && answeredNow == 0)
        {
            return;
        }

        Offloaded.Datagrams += sentNow + answeredNow;
        CountSent(sent.Bytes - _sentByKernel.Bytes);
        CountAnswered(answered.Bytes - _answeredByKernel.Bytes);
        (_sentByKernel, _answeredByKernel) = (sent, answered);
        if (answeredNow > 0)
        {
            NoteAnswer();
        }

        // Whoever has been in the kernel for the first time may have a place that was silent for long.
        var silence = Math.Min(sentNow > 0 ? sent.Silence : Never, answeredNow > 0 ? answered.Silence : Never);
        _lastActivity = Math.Max(_lastActivity, Reactor.Now - silence);
        Listener.MakeMostRecent(this);
    }

    /// <summary>
    /// Its datagrams come to its sockets again, from the next one on. It keeps its place until the next look, so that
    /// those are counted that were on their way through the kernel.
    /// </summary>
    public void ComeBack()
    {
        if (IsOffloaded)
        {
            Offloaded!.Offload.Leave(_paths);
            _isReturning = true;
            (_untilOffload, _patience) = (FirstDatagrams, FirstDatagrams);
        }
    }

    /// <summary>The time to look has come.</summary>
    public void Look()
    {
        if (_isReturning)
        {
            Settle();
        }
        else
        {
            Catch();
        }
    }

    /// <summary>Comes back when that is not sure any more which it went by: the plan, or that its backend serves.</summary>
    public void Reconsider()
    {
        if (!ReferenceEquals(_offloadedBy, Listener.Entrance.Plan) || Backend is not { Serves: true })
        {
            ComeBack();
        }
    }

    // It has no place any more.
    private void Settle()
    {
        if (_place == Nowhere)
        {
            return;
        }

        ComeBack();
        Catch();
        Offloaded!.Remove(_place);
        (_place, _isReturning) = (Nowhere, false);
    }

    private void BeginInLoop()
    {
        (_place, _isReturning) = (Nowhere, false);
        var isPlain =
            Offloaded is not null
            && Listener.CanBeOffloaded
            && _ingress is null
            && _egress is null
            && !IsLimited
            && _plan.UdpResponses == ListenerPlan.Unlimited;
        _patience = FirstDatagrams;
        _untilOffload = isPlain ? FirstDatagrams : Never;
    }

    // Some of its client's datagrams have come to it.
    private void NoteRequests(int datagrams)
    {
        if (_untilOffload == Never || (_untilOffload -= datagrams) > 0)
        {
            return;
        }

        _patience = Math.Min(2 * _patience, MostDatagrams);
        _untilOffload = _patience;
        if (IsOffloaded)
        {
            // It was told, and yet they come here. What it was told of may be gone; telling it again does no harm.
            _ = Offloaded!.Offload.TryTake(_place, _paths);
        }
        else if (!_isReturning && MayBeOffloaded() && Backend is { } backend && FindPaths(backend.State.Address))
        {
            GoTo(Offloaded!);
        }
    }

    private void GoTo(OffloadedSessions offloaded)
    {
        var place = offloaded.Reserve(this);
        if (place == Nowhere)
        {
            return;
        }

        // Before the kernel counts for it.
        (_sentByKernel, _answeredByKernel) = (offloaded.Offload.ToBackend(place), offloaded.Offload.ToClient(place));
        if (offloaded.TryTake(place, _paths))
        {
            (_place, _offloadedBy) = (place, Listener.Entrance.Plan);
        }
    }

    private bool MayBeOffloaded()
    {
        if (Descriptor < 0 || IsCarried || Backend is not { Serves: true } || Listener.IsClosing)
        {
            return false;
        }

        var plan = Listener.Entrance.Plan;
        return plan.Tuning.IsPlain
            && !plan.IsTransparent
            && _destination?.Plan.ConnectOf(Backend.State) is { Tuning.IsPlain: true, IsTransparent: false }
            && (ReferenceEquals(plan, _plan) || IsPlainBy(plan));
    }

    /// <summary>By a later plan, who comes now would have nothing done to its datagrams either.</summary>
    private bool IsPlainBy(ListenerPlan plan) =>
        plan.UdpRequests == ListenerPlan.Unlimited
        && plan.UdpResponses == ListenerPlan.Unlimited
        && Listener.Entrance.Choose(Client, Local, out var route, out _) is not null
        && route is null or { Ingress.Count: 0, Egress.Count: 0 };

    private bool FindPaths(SocketAddress backend)
    {
        backend = backend.Port == 0 ? backend.WithPort(Listener.PortOf(Local)) : backend;
        if (
            SocketCalls.LocalAddress(Descriptor, out var own) < 0
            || Client.Family != backend.Family
            || IsOfLink(Client)
            || IsOfLink(backend)
        )
        {
            return false;
        }

        _paths = new(Client, Local, own, backend);
        return true;
    }

    // Such addresses say nothing without their interface.
    private static bool IsOfLink(in SocketAddress address) =>
        address.Family == SocketFamily.IPv6 && address.Bits >> 118 == 0xfe80 >> 6;

    private void CountAnswered(long bytes)
    {
        _bytesOut += bytes;
        Cell.BytesOut += bytes;
        Backend!.Cell.BytesOut += bytes;
    }
}
