namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class HelloCases
{
    private const string Protocols = Listeners.Protocols;
    private const string Agreed = "served, TLS 1.3, http/1.1";

    private static readonly string Undecodable = Alert.Of("decode_error");

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        Chopped("a hello in segments of 7 bytes", 0, 7, Agreed, "handshake"),
        Chopped("a hello in segments of one byte", 0, 1, Agreed, "handshake"),
        Chopped("TLS 1.2, a hello in segments of one byte", 0, 1, "served, TLS 1.2, http/1.1", "handshake", "-tls1_2"),
        Chopped("a hello of 16,000 bytes, whole", 15_700, 0, Agreed, "handshake"),
        Chopped("a hello of 16,000 bytes in segments of 100 bytes", 15_700, 100, Agreed, "handshake"),
        Chopped("a hello of 16,000 bytes in segments of one byte", 15_700, 1, Agreed, "handshake"),
        Chopped("a hello of 20,000 bytes in two records", 20_000, 0, Agreed, "handshake"),
        Chopped("a hello of 20,000 bytes in two records, in segments of 7 bytes", 20_000, 7, Agreed, "handshake"),
        Chopped("a hello of 65,000 bytes in four records", 64_600, 0, Agreed, "handshake"),
        Chopped("a hello of more than 65,281 bytes", 65_060, 0, Undecodable, "protocol"),
        RawClient.Case("a hello of SSL 3.0", Protocols, Alert.Of("handshake_failure"), "version", Hello(3, 0)),
        RawClient.Case(
            "a hello of SSL 2",
            Protocols,
            "end of the stream",
            "protocol",
            [0x80, 0x09, 1, 0, 2, 0, 0, 0, 0, 0, 0]
        ),
        RawClient.Case(
            "a record that is longer than any",
            Protocols,
            Undecodable,
            "protocol",
            [22, 3, 1, 0xff, 0xff, 1, 0, 0, 9]
        ),
        RawClient.Case(
            "a hello that does not hold what it says",
            Protocols,
            Undecodable,
            "protocol",
            [22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3]
        ),
        RawClient.Case("another message first", Protocols, Undecodable, "protocol", [22, 3, 1, 0, 4, 2, 0, 0, 0]),
        RawClient.Case("half a hello, and its end", Protocols, Undecodable, "protocol", Hello(3, 3)[..20], ends: true),
    ];

    /// <summary>The list of protocols makes it long; what counts of it comes last.</summary>
    private static ClientCase Chopped(
        string what,
        int length,
        int segment,
        string outcome,
        string counted,
        params string[] arguments
    ) =>
        new(OpenSslClient.Peer, what, Protocols, outcome, counted)
        {
            Ask = async (listeners, row) =>
            {
                await using var chopper = Chopper.Start(
                    await listeners.Home(),
                    Listeners.PortOf(row.Listener),
                    segment
                );
                var names = Enumerable.Range(0, length / 11).Select(i => $"proto-{i:d4}");
                var seen = await OpenSslClient.AskAsync(
                    listeners,
                    chopper.Port,
                    ["-alpn", string.Join(',', names.Append("http/1.1")), .. arguments]
                );
                Assert.InRange(chopper.HelloLength, length + 100, length + 500);
                return seen.Tell(Tells.Protocol);
            },
        };

    /// <summary>The least that is a hello: one cipher, no extension.</summary>
    private static byte[] Hello(byte major, byte minor) =>
        [22, major, minor, 0, 45, 1, 0, 0, 41, major, minor, .. new byte[32], 0, 0, 2, 0xC0, 0x2F, 1, 0];
}
