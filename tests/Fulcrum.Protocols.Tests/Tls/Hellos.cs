using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Fulcrum.Protocols.Tls;

namespace Fulcrum.Protocols.Tests.Tls;

/// <summary>Hellos made by hand and by a real client, records to carry them, and what was read as text to compare.</summary>
internal static class Hellos
{
    public const ushort ServerName = 0;
    public const ushort Protocols = 16;
    public const ushort Versions = 43;

    /// <summary>A whole handshake message with these extensions.</summary>
    public static byte[] Message(params byte[][] extensions)
    {
        byte[] body =
        [
            3,
            3,
            .. new byte[32],
            .. Short(1, 2, 3, 4),
            .. Long([0x0a, 0x0a, 0x13, 0x01, 0x13, 0x02]),
            .. Short(0),
            .. Long([.. extensions.SelectMany(extension => extension)]),
        ];
        return Handshake(1, body);
    }

    public static byte[] Handshake(byte type, params byte[] body) =>
        [type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];

    public static byte[] Extension(ushort type, params byte[] data) => [(byte)(type >> 8), (byte)type, .. Long(data)];

    public static byte[] Name(string name) => Name(Encoding.Latin1.GetBytes(name));

    public static byte[] Name(byte[] name) => Extension(ServerName, Long([0, .. Long(name)]));

    public static byte[] Alpn(params string[] protocols) =>
        Extension(Protocols, Long([.. protocols.SelectMany(protocol => Short(Encoding.ASCII.GetBytes(protocol)))]));

    public static byte[] Supported(params int[] versions) =>
        Extension(Versions, Short([.. versions.SelectMany(version => new[] { (byte)(version >> 8), (byte)version })]));

    /// <summary>Bytes behind their number in one byte.</summary>
    public static byte[] Short(params byte[] bytes) => [(byte)bytes.Length, .. bytes];

    /// <summary>Bytes behind their number in two bytes.</summary>
    public static byte[] Long(byte[] bytes) => [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];

    /// <summary>In records of this size.</summary>
    public static byte[] Records(byte[] message, int size = 1 << 14) =>
        [.. message.Chunk(size).SelectMany(piece => new byte[] { 22, 3, 1 }.Concat(Long(piece)))];

    /// <summary>The message in records.</summary>
    public static byte[] MessageOf(byte[] records)
    {
        var message = new List<byte>();
        for (var at = 0; at < records.Length; )
        {
            var length = (records[at + 3] << 8) | records[at + 4];
            message.AddRange(records[(at + 5)..(at + 5 + length)]);
            at += 5 + length;
        }

        return [.. message];
    }

    /// <summary>What a client of the platform sends first.</summary>
    public static async Task<byte[]> Real(string? name, SslProtocols versions, params string[] protocols)
    {
        using var sent = new FirstFlight();
        await using var client = new SslStream(sent);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = versions,
            ApplicationProtocols = [.. protocols.Select(protocol => new SslApplicationProtocol(protocol))],
        };
        await Assert.ThrowsAnyAsync<Exception>(() =>
            client.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken)
        );
        return sent.Bytes;
    }

    /// <summary>All that the reader has to say.</summary>
    public static string Describe(ReadOnlySpan<byte> received, int scratch = ClientHelloReader.ScratchLength)
    {
        var reading = ClientHelloReader.Read(received, new byte[scratch], out var hello, out var error);
        if (reading != ClientHelloReading.Complete)
        {
            return error is null ? $"{reading}" : $"{reading}: {error}";
        }

        var protocols = new List<string>();
        foreach (var protocol in hello.Protocols)
        {
            protocols.Add(Encoding.ASCII.GetString(protocol));
        }

        return $"{Encoding.ASCII.GetString(hello.ServerName)} [{string.Join(',', protocols)}] {hello.NewestVersion:x4}"
            + (hello.HasSessionId ? " session" : "");
    }

    // Takes what is written and then has no answer.
    private sealed class FirstFlight : MemoryStream
    {
        public byte[] Bytes { get; private set; } = [];

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(0);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes = Bytes.Length == 0 ? buffer.ToArray() : Bytes;
            return ValueTask.CompletedTask;
        }
    }
}
