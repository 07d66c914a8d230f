using System.Buffers;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Upstreams;
using Fulcrum.Protocols.ProxyHeaders;

namespace Fulcrum.Proxy.Streams;

/// <summary>How a backend is told who the client is.</summary>
internal sealed partial class StreamSession<TIo>
{
    /// <summary>Of a unique ID (PROXY protocol section 2.2.5).</summary>
    private const int MaxIdLength = 128;

    /// <summary>First of all bytes; a new connection has room for them.</summary>
    private void SendHeader(ProxyHeaderSpec header)
    {
        var scratch = Reactor.Scratch;
        var length = WriteHeader(header, scratch);
        var sent = SendAny(ref _server, scratch.Slice(0, length));
        if (sent < length)
        {
            // Half a header would be taken for data.
            _server.Break();
        }
    }

    private int WriteHeader(ProxyHeaderSpec header, Span<byte> to)
    {
        LearnDestination();
        return header.Version == ProxyProtocolVersion.V1 ? WriteText(to) : WriteBinary(header, to);
    }

    private int WriteText(Span<byte> scratch) =>
        ProxyTextWriter.Write(scratch, ToProxyAddress(_from), ToProxyAddress(_to));

    private int WriteBinary(ProxyHeaderSpec header, Span<byte> scratch)
    {
        var writer = new ProxyBinaryWriter(scratch);
        if (_from.Family == SocketFamily.Unix && _to.Family == SocketFamily.Unix)
        {
            writer.BeginUnix(ProxyTransport.Stream, PathOf(_from), PathOf(_to));
        }
        else
        {
            writer.Begin(ProxyTransport.Stream, ToProxyAddress(_from), ToProxyAddress(_to));
        }
        foreach (var field in header.Fields)
        {
            switch (field)
            {
                case ProxyHeaderField.Authority:
                    Append(
                        ref writer,
                        ProxyTlvType.Authority,
                        _metadata?["tls.sni"] ?? _metadata?["proxy-protocol.authority"]
                    );
                    break;
                case ProxyHeaderField.Alpn:
                    Append(ref writer, ProxyTlvType.Alpn, _metadata?["tls.alpn"] ?? _metadata?["proxy-protocol.alpn"]);
                    break;
                case ProxyHeaderField.Ssl:
                    AppendSsl(ref writer);
                    break;
                case ProxyHeaderField.UniqueId:
                    AppendId(ref writer);
                    break;
                default:
                    break;
            }
        }
        return writer.Finish(header.Fields.Contains(ProxyHeaderField.Crc32c));
    }

    /// <summary>
    /// What the proxy in front calls the session, so that it has one name all the way (PROXY protocol section 2.2.5);
    /// else what it is called in the list of sessions.
    /// </summary>
    private void AppendId(ref ProxyBinaryWriter writer)
    {
        Span<byte> told = stackalloc byte[MaxIdLength];
        if (
            _metadata?["proxy-protocol.unique-id"] is MetadataValue.Text { Value: var digits }
            && Convert.FromHexString(digits, told, out _, out var length) == OperationStatus.Done
        )
        {
            _ = writer.TryAppend(ProxyTlvType.UniqueId, told[..length]);
            return;
        }
        var id = new SessionId(_entrance.Loop, Place, Sequence).ToString();
        _ = writer.TryAppend(ProxyTlvType.UniqueId, Encoding.ASCII.GetBytes(id));
    }

    private static void Append(ref ProxyBinaryWriter writer, ProxyTlvType type, MetadataValue? value)
    {
        var text = value is MetadataValue.List { Values: [var first, ..] } ? first : value?.Written;
        if (text is not null)
        {
            _ = writer.TryAppend(type, Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>As the kernel has it, where an abstract name begins with a zero.</summary>
    private static byte[] PathOf(in SocketAddress address)
    {
        var path = Encoding.UTF8.GetBytes(address.Path!);
        if (path is [(byte)'@', ..])
        {
            path[0] = 0;
        }
        return path;
    }

    private static ProxyAddress ToProxyAddress(in SocketAddress address) =>
        address.Family switch
        {
            SocketFamily.IPv4 => new(ProxyFamily.IPv4, address.Bits, address.Port),
            SocketFamily.IPv6 => new(ProxyFamily.IPv6, address.Bits, address.Port),
            _ => default,
        };
}
