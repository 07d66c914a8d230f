namespace Fulcrum.Interop.Tests.Securing;

/// <summary>What a client has seen of a connection.</summary>
internal sealed record Seen
{
    /// <summary>What every server behind Fulcrum answers.</summary>
    public const string Page = "served";

    /// <summary>Why it came to nothing; null: it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>TLSv1.3, as everybody prints it.</summary>
    public string Version { get; init; } = "";

    public bool IsResumed { get; init; }

    /// <summary>Agreed on by ALPN.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Whose certificate it was shown.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The kind of that certificate's key.</summary>
    public string Key { get; init; } = "";

    /// <summary>With the certificate came what its authority says of it.</summary>
    public bool IsStapled { get; init; }

    /// <summary>How the ticket begins that it was given: with the name of its key.</summary>
    public string Ticket { get; init; } = "";

    public bool IsServed { get; init; }

    /// <summary>As the table has it.</summary>
    public string Tell(Tells tells)
    {
        if (Failure is not null)
        {
            return Failure;
        }
        var words = new List<string>
        {
            IsServed ? Page : "nothing",
            Version.Replace("TLSv", "TLS ", StringComparison.Ordinal),
        };
        if (tells.HasFlag(Tells.Resumption))
        {
            words.Add(IsResumed ? "resumed" : "new");
        }
        if (tells.HasFlag(Tells.Protocol))
        {
            words.Add(Protocol.Length == 0 ? "no ALPN" : Protocol);
        }
        if (tells.HasFlag(Tells.Subject))
        {
            words.Add(Subject);
        }
        if (tells.HasFlag(Tells.Key))
        {
            words.Add(Key);
        }
        if (tells.HasFlag(Tells.Staple))
        {
            words.Add(IsStapled ? "stapled" : "nothing stapled");
        }
        return string.Join(", ", words);
    }
}
