using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Checks;

/// <summary>One result of a probe, with how long each of its phases took, where it came to it.</summary>
public sealed record CheckResultDocument
{
    public required DateTimeOffset At { get; init; }

    /// <summary><c>good</c>, <c>bad</c>, or <c>unclear</c>: it counts as neither.</summary>
    public required string Result { get; init; }

    public required string Reason { get; init; }

    /// <summary>Until the connection stood.</summary>
    public double? ConnectMs { get; init; }

    /// <summary>Of the TLS handshake.</summary>
    public double? TlsMs { get; init; }

    /// <summary>From there until the answer was judged.</summary>
    public double? AnswerMs { get; init; }

    internal static CheckResultDocument Of(CheckResult result) =>
        new()
        {
            At = result.At,
            Result = result.IsGood switch
            {
                true => "good",
                false => "bad",
                null => "unclear",
            },
            Reason = result.Reason,
            ConnectMs = CheckWords.Milliseconds(result.Connect),
            TlsMs = CheckWords.Milliseconds(result.Tls),
            AnswerMs = CheckWords.Milliseconds(result.Answer),
        };
}
