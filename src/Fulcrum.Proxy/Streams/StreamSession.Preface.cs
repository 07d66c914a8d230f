using System.Text;
using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Protocols.ProxyHeaders;
using Fulcrum.Protocols.Tls;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Clients;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// What is read before a backend is chosen: a PROXY header, and the hello of a TLS client. Both are looked at where they
/// lie, in the socket's queue; a header is then taken out of it, a hello stays there for the backend. So whoever is slow
/// with them, or never says a word, costs no buffer.
/// </summary>
internal sealed partial class StreamSession<TIo>
{
    /// <summary>Characters of a list of protocols that come into a log.</summary>
    private const int MaxProtocols = 256;

    private void BeginPreface(PrefacePlan preface)
    {
        _phase = SessionPhase.Preface;
        _awaitsHeader = preface.AwaitsHeader(_from);
        Reactor.SetTimer(this, preface.Timeout);
    }

    private void ReadPreface()
    {
        while (_phase == SessionPhase.Preface && _client.Descriptor >= 0)
        {
            var scratch = Reactor.Scratch;
            var count = _client.Failed ? -(int)Errno.ConnectionReset : _relay.Io.Peek(_client.Descriptor, scratch);
            if (count == -(int)Errno.TryAgain)
            {
                return;
            }
            if (count < 0)
            {
                CountReset();
                Abort();
                return;
            }
            if (count == 0)
            {
                // Somebody who only wanted to know whether anybody is here.
                _end = SessionEnd.Closed;
                Abort();
                return;
            }
            var isAll = _client.HangUp || count == scratch.Length;
            var isJudged = _awaitsHeader
                ? ReadHeader(scratch.Slice(0, count), isAll)
                : ReadHello(scratch.Slice(0, count), isAll);
            if (!isJudged)
            {
                return;
            }
        }
    }

    /// <summary>False: more has to come first.</summary>
    private bool ReadHeader(Span<byte> received, bool isAll)
    {
        var preface = _plan.Preface!;
        var reading = ProxyHeaderReader.Read(received, out var header, out _);
        if (reading == ProxyReading.NeedMore && !isAll)
        {
            return false;
        }
        if (reading == ProxyReading.Complete)
        {
            Believe(header);
            _ = _relay.Io.Receive(_client.Descriptor, received[..header.Length]);
        }
        else if (reading != ProxyReading.Absent || preface.Acceptance == ProxyProtocolAcceptance.Require)
        {
            Refuse(ref _cell.RefusedByPreface);
            return true;
        }
        EndHeader();
        return true;
    }

    private void Believe(in ProxyHeader header)
    {
        if (header is { HasAddresses: true, Family: ProxyFamily.IPv4 or ProxyFamily.IPv6 })
        {
            _from = ToSocketAddress(header.Source);
            _to = ToSocketAddress(header.Destination);
        }
        if (_plan.NeedsMetadata)
        {
            _metadata = new Metadata();
            foreach (var tlv in header.Tlvs)
            {
                Learn(_metadata, tlv);
            }
        }
    }

    private static void Learn(Metadata metadata, in ProxyTlv tlv)
    {
        MetadataValue? value = tlv.Type switch
        {
            ProxyTlvType.Authority or ProxyTlvType.Alpn or ProxyTlvType.NetworkNamespace => new MetadataValue.Text(
                Encoding.UTF8.GetString(tlv.Value)
            ),
            ProxyTlvType.Crc32C or ProxyTlvType.NoOperation or ProxyTlvType.Ssl => null,
            _ => new MetadataValue.Text(Convert.ToHexStringLower(tlv.Value)),
        };
        if (value is not null)
        {
            _ = metadata.Set($"proxy-protocol.{NameOf(tlv.Type)}", value);
        }
    }

    private static string NameOf(ProxyTlvType type) =>
        type switch
        {
            ProxyTlvType.Authority => "authority",
            ProxyTlvType.Alpn => "alpn",
            ProxyTlvType.NetworkNamespace => "netns",
            ProxyTlvType.UniqueId => "unique-id",
            _ => $"type-{(int)type:x2}",
        };

    private static SocketAddress ToSocketAddress(ProxyAddress address) =>
        SocketAddress.Of(
            address.IsIPv4 ? SocketFamily.IPv4 : SocketFamily.IPv6,
            address.IsIPv4 ? (uint)address.Bits : address.Bits,
            address.Port
        );

    /// <summary>Who the client is is known now; whether it may come in was not asked before.</summary>
    private void EndHeader()
    {
        _awaitsHeader = false;
        if (!HasNewestPlan())
        {
            Refuse(ref _cell.RefusedUnserved);
        }
        else if (!_plan.Access.Admits(_from))
        {
            Refuse(ref _cell.RefusedByRule);
        }
        else if (
            _plan.Sources?.TryEnter(_from, Reactor.Microseconds, out Pass) is { } verdict and not SourceVerdict.Admitted
        )
        {
            _cell.Count(verdict);
            _end = SessionEnd.Refused;
            Abort();
        }
        else if (_plan.Preface is not { AsksForHello: true })
        {
            Choose([], []);
        }
    }

    /// <summary>False: more has to come first.</summary>
    private bool ReadHello(Span<byte> received, bool isAll)
    {
        var reading = ClientHelloReader.Read(received, _relay.HelloScratch, out var hello, out _);
        if (reading == ClientHelloReading.NeedMore && !isAll)
        {
            return false;
        }
        if (reading is ClientHelloReading.NeedMore or ClientHelloReading.Invalid)
        {
            if (_plan.Tls is null)
            {
                Refuse(ref _cell.RefusedByPreface);
            }
            else
            {
                RefuseHello();
            }
        }
        else if (_plan.Tls is { } tls)
        {
            BeginHandshake(tls, reading, hello.ServerName, hello.Protocols.Bytes, received);
        }
        else
        {
            Span<char> name = stackalloc char[hello.ServerName.Length];
            _ = Encoding.ASCII.GetChars(hello.ServerName, name);
            Choose(name, hello.Protocols.Bytes);
        }
        return true;
    }

    /// <summary>Whoever may be without a header and says nothing at all may be waiting for the backend's first word.</summary>
    private void PrefaceIsLate()
    {
        if (
            _awaitsHeader
            && _plan.Preface!.Acceptance == ProxyProtocolAcceptance.Accept
            && !_client.Readable
            && !_plan.Preface.AsksForHello
        )
        {
            EndHeader();
            return;
        }
        _end = SessionEnd.Silent;
        _cell.PrefaceTimeouts++;
        Abort();
    }

    /// <summary>Takes the listener's newest plan. False: the address is another service's by now.</summary>
    private bool HasNewestPlan()
    {
        if (!ReferenceEquals(_plan.Service, _entrance.Plan.Service))
        {
            return false;
        }
        _plan = _entrance.Plan;
        return true;
    }

    /// <summary>Finds it a destination, by the newest plan: nothing has been decided by the one that it came in with.</summary>
    /// <param name="name">The server name that it asked for.</param>
    /// <param name="protocols">What it would speak, as in its hello; or what was agreed upon, where TLS ends here.</param>
    private void Choose(ReadOnlySpan<char> name, ReadOnlySpan<byte> protocols)
    {
        _phase = SessionPhase.Connecting;
        Reactor.CancelTimer(this);
        if (!HasNewestPlan())
        {
            Refuse(ref _cell.RefusedUnserved);
            return;
        }
        if (_plan.Log is not null)
        {
            NoteHello(name, protocols);
        }
        if (_plan.NeedsMetadata)
        {
            LearnAddresses(name, protocols);
        }
        if (_plan.Routes is not { } routes)
        {
            GoTo(_entrance.Destinations[0], name);
            return;
        }
        var facts = FactsOf(name, protocols);
        var route = routes.Choose(facts);
        if (route?.Action is PlaneForward forward)
        {
            _route = route is { Ingress.IsEmpty: true, Egress.IsEmpty: true } ? null : route;
            _retry = route.Retry;
            // A reload may number them anew before the stages come into being.
            _destinations = _entrance.Destinations;
            GoTo(_destinations[forward.Destination], name);
        }
        else
        {
            Refuse(ref _cell.RefusedByRoute);
        }
    }

    /// <summary>For the access log.</summary>
    private void NoteHello(ReadOnlySpan<char> serverName, ReadOnlySpan<byte> protocols)
    {
        _serverName = _relay.Texts.Of(serverName);
        Span<char> text = stackalloc char[MaxProtocols];
        var length = 0;
        while (ProtocolList.TryTake(ref protocols, out var name) && name.Length < text.Length - length)
        {
            if (length > 0)
            {
                text[length++] = ',';
            }
            length += Encoding.Latin1.GetChars(name, text[length..]);
        }
        _protocols = _relay.Texts.Of(text[..length]);
        // When the session has ended it is too late to look.
        _ = Shown;
    }

    private SessionFacts FactsOf(ReadOnlySpan<char> serverName, ReadOnlySpan<byte> protocols) =>
        new()
        {
            Source = BitsOf(_from),
            SourcePort = _from.Port,
            Destination = BitsOf(_to),
            Port = _port,
            ServerName = serverName,
            Protocols = protocols,
            Metadata = _metadata,
        };

    private static AddressBits? BitsOf(in SocketAddress address) =>
        address.Family is SocketFamily.IPv4 or SocketFamily.IPv6 ? address.ToBits() : null;

    private void LearnAddresses(ReadOnlySpan<char> serverName, ReadOnlySpan<byte> protocols)
    {
        LearnDestination();
        var told = _metadata;
        _metadata = Metadata.Of(_plan.Listener, FactsOf(serverName, protocols));
        LearnShown(_metadata);
        foreach (var (path, value) in told?.Fields ?? [])
        {
            _ = _metadata.Set(path, value);
        }
    }

    /// <summary>The address that the client meant to reach: what a header told of it, else its own end of the connection.</summary>
    private void LearnDestination()
    {
        if (_to.Family == SocketFamily.None)
        {
            _ = _relay.Io.LocalAddress(_client.Descriptor, out _to);
        }
    }

    private void Refuse(ref long counter)
    {
        counter++;
        _end = SessionEnd.Refused;
        Abort();
    }
}
