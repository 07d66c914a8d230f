using System.Net;
using Fulcrum.Health.Probing;
using Fulcrum.Health.Probing.Conversations;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.Protocols.Http2;
using Fulcrum.Protocols.Ldap;
using Fulcrum.Protocols.MySql;
using Fulcrum.Protocols.PostgreSql;
using Fulcrum.Protocols.Radius;
using Fulcrum.Protocols.Redis;
using Fulcrum.Protocols.Smtp;

namespace Fulcrum.Fuzz;

/// <summary>
/// What a probe hears: of a stream whole and in pieces of every small size, to the same end; or as datagrams of any
/// size. Then the same again and again: what is said and held stays within bounds.
/// </summary>
internal sealed class ConversationTarget(string name, Func<Conversation> begin, bool isStream, string corpus)
    : IFuzzTarget
{
    private const int LongestReason = 1024;
    private const int MostSaid = 64 * 1024;

    /// <summary>A conversation hears so much of an input that is repeated, and holds so much at most.</summary>
    private const int Much = 512 * 1024;

    private const int MostHeld = 256 * 1024;

    /// <summary>Measuring takes a collection of garbage.</summary>
    private const int MeasuredEvery = 500;

    private static readonly RadiusProbe Radius = new() { Method = RadiusMethod.Status, Secret = new(null, "unused") };
    private static readonly AnswerPattern Pong = Pattern(TextPatternKind.Exact, "+PONG");
    private static readonly AnswerPattern Mail = Pattern(TextPatternKind.Expression, "2[0-9]+ .*mail");
    private static readonly HttpExpectation Any = new(new());
    private static readonly HttpExpectation Body = new(new() { Expect = new(TextPatternKind.Expression, "all well") });
    private static readonly DnsExpectation Dns = new(new() { Query = "example.com" });

    private int _runs;

    /// <summary>One for each conversation.</summary>
    public static IEnumerable<IFuzzTarget> All { get; } =
    [
        Stream("tcp", () => Says(Pong, false), "redis"),
        Stream("pattern", () => Says(Mail, false), "smtp"),
        Datagram("udp", () => Says(Pong, true), "redis"),
        Stream("http", () => Http(Any), "http-response"),
        Stream("http-body", () => Http(Body), "http-response"),
        Stream("http2", () => Http2(Body), "http2"),
        Stream("mysql", () => new GreetingConversation(new MySqlGreeting("probe")), "mysql"),
        Stream("postgresql", () => new GreetingConversation(new PostgreSqlGreeting()), "postgresql"),
        Stream("redis", () => new GreetingConversation(new RedisGreeting()), "redis"),
        Stream("smtp", () => new GreetingConversation(new SmtpGreeting("probe.example")), "smtp"),
        Stream("ldap", () => new GreetingConversation(new LdapGreeting()), "ldap"),
        Stream("agent", () => new AgentConversation(default), "agent"),
        Stream("dns-tcp", () => new DnsStream(Dns, 0x1234), "conversations"),
        Datagram("dns", () => new DnsDatagrams(Dns, 0x1234), "dns"),
        Datagram("radius", () => new RadiusConversation(Radius, Ask()), "radius"),
    ];

    public string Name => $"probe-{name}";

    public IReadOnlyList<string> Corpus => [$"tests/Fulcrum.Fuzz/Corpus/{corpus}"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (isStream)
        {
            Pieces.Compare(input, Read);
        }
        else
        {
            _ = Read(input.ToArray(), Math.Max(1, input.Length));
            _ = Read(input.ToArray(), 1 + (input.Length % 7));
        }

        if (input.Length > 0 && _runs++ % MeasuredEvery == 0)
        {
            Measure(input.ToArray());
        }
    }

    private (string?, string) Read(byte[] input, int size)
    {
        var conversation = begin();
        var step = conversation.Begin();
        var said = Convert.ToHexString(step.Say.Span);
        foreach (var piece in input.Chunk(size))
        {
            if (step.Result is not null || step.IsTruncated)
            {
                break;
            }

            step = conversation.Hear(piece);
            said += Convert.ToHexString(step.Say.Span);
        }

        step = step.Result is null && !step.IsTruncated ? conversation.End() : step;
        if (step.Result?.Reason is { } reason && (reason.Length > LongestReason || reason.Any(char.IsControl)))
        {
            throw new FuzzFailureException($"a reason that is not fit to be told: {reason}");
        }

        if (said.Length > 2 * MostSaid || conversation.Awaited.Length > LongestReason)
        {
            throw new FuzzFailureException($"{said.Length / 2} bytes are said, waiting for {conversation.Awaited}");
        }

        // Who has nothing good to say need not be answered any more.
        said = step.Result?.Outcome == Outcome.Good ? said : "";
        return ($"{step.Result?.Outcome} {step.Result?.Reason} {step.IsTruncated}", said);
    }

    private void Measure(byte[] input)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var conversation = begin();
        var step = conversation.Begin();
        for (var heard = 0; heard < Much && step.Result is null && !step.IsTruncated; heard += input.Length)
        {
            step = conversation.Hear(input);
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(conversation);
        if (held > MostHeld)
        {
            throw new FuzzFailureException($"{held} bytes are held");
        }
    }

    private static ConversationTarget Stream(string name, Func<Conversation> begin, string corpus) =>
        new(name, begin, true, corpus);

    private static ConversationTarget Datagram(string name, Func<Conversation> begin, string corpus) =>
        new(name, begin, false, corpus);

    private static AnswerPattern Pattern(TextPatternKind kind, string text) => AnswerPattern.Of(new(kind, text))!;

    private static SendExpect Says(AnswerPattern expect, bool isDatagram) =>
        new("ping"u8.ToArray(), expect, isDatagram);

    private static HttpConversation Http(HttpExpectation expectation) =>
        new(expectation, "GET / HTTP/1.1\r\n\r\n"u8.ToArray());

    private static Http2Conversation Http2(HttpExpectation expectation) =>
        new(
            Http2Exchange.Start(HttpRequest.Fields(new(), "probe.example"), []),
            expectation.BodyLimit,
            exchange => expectation.Judge(exchange.StatusCode, exchange.Body)
        );

    private static RadiusRequest Ask() =>
        RadiusRequest.Status(7, new byte[16], "secret"u8, new RadiusNas("probe", IPAddress.Loopback));
}
