using System.Security.Cryptography;
using Fulcrum.Health.Probing.Sockets;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Health.Probing.Echo;

/// <summary>One echo request (RFC 792, RFC 4443 section 4), and the wait for its reply.</summary>
internal sealed class EchoProbe : Probe
{
    /// <summary>Bytes that nobody can guess who does not see the request.</summary>
    public const int PayloadLength = 16;

    private readonly EchoPort _port;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly byte[] _payload = RandomNumberGenerator.GetBytes(PayloadLength);
    private int _strays;

    public EchoProbe(EchoPort port, SocketAddress target, TimeProvider time, IProbeOwner owner)
        : base(owner)
    {
        (_port, Target, _time) = (port, target, time);
        _started = time.GetTimestamp();
    }

    public SocketAddress Target { get; }

    public ReadOnlySpan<byte> Payload => _payload;

    /// <summary>By which its port knows it.</summary>
    public ushort Sequence { get; set; }

    protected override string Awaited =>
        _strays == 0 ? "waiting for a reply" : "waiting for a reply; one came that brought back something else";

    protected override ProbePhases Phases => new(null, null, _time.GetElapsedTime(_started));

    public override void Start()
    {
        var result = _port.Ask(this);
        if (result < 0)
        {
            Finish(SocketErrors.Judge((Errno)(-result)));
        }
    }

    public void OnReply(ReadOnlySpan<byte> payload)
    {
        if (payload.SequenceEqual(_payload))
        {
            Finish(ProbeResult.Good("replied"));
        }
        else
        {
            _strays++;
        }
    }

    public void OnUnreachable(string reason) => Finish(ProbeResult.Bad(reason));

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void LookOnce() => _port.Read();

    protected override void Release() => _port.Leave(this);
}
