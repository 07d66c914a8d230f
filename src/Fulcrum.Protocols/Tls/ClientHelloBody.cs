namespace Fulcrum.Protocols.Tls;

/// <summary>Reads what stands in a whole ClientHello (RFC 8446 section 4.1.2, and for older ones RFC 5246 section 7.4.1.2).</summary>
internal static class ClientHelloBody
{
    private const int RandomLength = 32;
    private const int MaxSessionId = 32;
    private const ushort ServerName = 0;
    private const ushort ApplicationProtocols = 16;
    private const ushort SupportedVersions = 43;

    /// <returns>What is wrong.</returns>
    public static string? Read(ReadOnlySpan<byte> body, Span<byte> scratch, out ClientHello hello)
    {
        hello = default;
        var cursor = new TlsCursor(body);
        var version = cursor.ReadUInt16();
        _ = cursor.Read(RandomLength);
        var session = cursor.ReadShort();
        var ciphers = cursor.ReadLong();
        var compressions = cursor.ReadShort();
        // TLS before 1.3 can do without extensions: then nothing follows, not even their length.
        var extensions = cursor.IsAtEnd ? [] : cursor.ReadLong();
        if (cursor.IsCutShort || !cursor.IsAtEnd)
        {
            return "the ClientHello does not have the length that it says";
        }

        if (session.Length > MaxSessionId || ciphers.Length is 0 || ciphers.Length % 2 != 0 || compressions.IsEmpty)
        {
            return "the ClientHello has lengths that it cannot have";
        }

        return ReadExtensions(
            extensions,
            scratch,
            new ClientHello { LegacyVersion = version, HasSessionId = !session.IsEmpty },
            out hello
        );
    }

    private static string? ReadExtensions(
        ReadOnlySpan<byte> extensions,
        Span<byte> scratch,
        ClientHello begun,
        out ClientHello hello
    )
    {
        hello = begun;
        var cursor = new TlsCursor(extensions);
        while (!cursor.IsAtEnd)
        {
            var type = cursor.ReadUInt16();
            var data = cursor.ReadLong();
            if (cursor.IsCutShort)
            {
                return "an extension is cut short";
            }

            var error = type switch
            {
                ServerName => ReadServerName(data, scratch, ref hello),
                ApplicationProtocols => ReadProtocols(data, ref hello),
                SupportedVersions => ReadVersions(data, ref hello),
                _ => null,
            };
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    // There must not be two extensions of one type (RFC 8446 section 4.2): who reads another one than we do would be
    // talked into another decision. None of the three can be empty, so a second one shows.
    private static string? ReadServerName(ReadOnlySpan<byte> data, Span<byte> scratch, ref ClientHello hello)
    {
        if (!hello.ServerName.IsEmpty)
        {
            return "there are two lists of server names";
        }

        var error = ServerNames.Read(data, scratch, out var name);
        hello = hello with { ServerName = name };
        return error;
    }

    private static string? ReadProtocols(ReadOnlySpan<byte> data, ref ClientHello hello)
    {
        const string Error = "the list of protocols is broken";
        if (!hello.Protocols.IsEmpty)
        {
            return "there are two lists of protocols";
        }

        var cursor = new TlsCursor(data);
        var list = cursor.ReadLong();
        if (cursor.IsCutShort || !cursor.IsAtEnd || list.IsEmpty)
        {
            return Error;
        }

        for (var names = new TlsCursor(list); !names.IsAtEnd; )
        {
            if (names.ReadShort().IsEmpty)
            {
                return Error;
            }
        }

        hello = hello with { Protocols = new AlpnProtocols(list) };
        return null;
    }

    private static string? ReadVersions(ReadOnlySpan<byte> data, ref ClientHello hello)
    {
        if (!hello.Versions.IsEmpty)
        {
            return "there are two lists of versions";
        }

        var cursor = new TlsCursor(data);
        var list = cursor.ReadShort();
        if (cursor.IsCutShort || !cursor.IsAtEnd || list.IsEmpty || list.Length % 2 != 0)
        {
            return "the list of versions is broken";
        }

        hello = hello with { Versions = new TlsVersions(list) };
        return null;
    }
}
