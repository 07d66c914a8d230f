using System.Diagnostics.CodeAnalysis;

namespace Fulcrum.Model.Tls;

/// <summary>Where in a certificate a subject stands.</summary>
public enum ClientSubjectKind
{
    Dns,
    Uri,
    Email,

    /// <summary>The common name.</summary>
    Cn,
}

/// <summary>
/// A subject whose certificate is let in, with the kind of name that it has to be: else who may be certified a mail address
/// of his own could pass for a host or a workload of the same spelling.
/// </summary>
/// <param name="Text">Exact; a DNS name may begin with <c>*.</c>, which stands for one label.</param>
public sealed record ClientSubject(ClientSubjectKind Kind, string Text)
{
    private const string AnyLabel = "*.";

    /// <summary><c>dns:NAME</c>, <c>uri:URI</c>, <c>email:ADDRESS</c> or <c>cn:NAME</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ClientSubject? subject)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        ClientSubjectKind? kind = (colon < 0 ? "" : text[..colon]) switch
        {
            "dns" => ClientSubjectKind.Dns,
            "uri" => ClientSubjectKind.Uri,
            "email" => ClientSubjectKind.Email,
            "cn" => ClientSubjectKind.Cn,
            _ => null,
        };
        var rest = text[(colon + 1)..];
        subject = kind is { } known && CanBe(known, rest) ? new(known, rest) : null;
        return subject is not null;
    }

    /// <summary>Whether a name of its kind is meant by it. Host names know no case (RFC 4343), nor do the hosts of mail.</summary>
    public bool Matches(string name) =>
        Kind switch
        {
            ClientSubjectKind.Dns => MatchesHost(name),
            ClientSubjectKind.Email => Mailbox(name) == Mailbox(Text),
            _ => name == Text,
        };

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Text}";

    private static bool CanBe(ClientSubjectKind kind, string text)
    {
        var host = text.StartsWith(AnyLabel, StringComparison.Ordinal) ? text[AnyLabel.Length..] : text;
        return kind == ClientSubjectKind.Dns
            ? host.Length > 0 && host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
            : text.Length > 0 && !text.Any(char.IsControl);
    }

    private bool MatchesHost(string name)
    {
        if (!Text.StartsWith(AnyLabel, StringComparison.Ordinal))
        {
            return name.Equals(Text, StringComparison.OrdinalIgnoreCase);
        }

        // A certificate for all names of a domain is none for one of them.
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && !name.Contains('*', StringComparison.Ordinal)
            && name.AsSpan(dot).Equals(Text.AsSpan(1), StringComparison.OrdinalIgnoreCase);
    }

    private static string Mailbox(string address)
    {
        var at = address.LastIndexOf('@');
        return address[..(at + 1)] + address[(at + 1)..].ToLowerInvariant();
    }
}
