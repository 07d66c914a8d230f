using System.Net;

namespace Fulcrum.Protocols.Dns;

/// <summary>
/// What a response says to a question: the data of the records that were asked for, or why there are none. A name may
/// be an alias of another (CNAME), whose records the response then has, too (RFC 1034 section 3.6.2).
/// </summary>
public sealed record DnsAnswer
{
    private const int MaxAliases = 16;

    private static readonly string[] ResponseCodes =
    [
        "NOERROR",
        "FORMERR",
        "SERVFAIL",
        "NXDOMAIN",
        "NOTIMP",
        "REFUSED",
        "YXDOMAIN",
        "YXRRSET",
        "NXRRSET",
        "NOTAUTH",
        "NOTZONE",
    ];

    private readonly DnsRecordType _type;

    private DnsAnswer(DnsRecordType type) => _type = type;

    /// <summary>The data, each once, in the order of the response.</summary>
    public IReadOnlyList<string> Data { get; private init; } = [];

    /// <summary>Why there is no data; null when there is.</summary>
    public string? Error { get; private init; }

    public static DnsAnswer Find(DnsQuestion question, DnsMessage message)
    {
        var none = new DnsAnswer(question.Type);
        if (message.ResponseCode is > 0 and var code)
        {
            return none with { Error = code < ResponseCodes.Length ? ResponseCodes[code] : $"response code {code}" };
        }

        var name = DnsName.Canonical(question.Name);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (name is not null && seen.Count <= MaxAliases)
        {
            if (!seen.Add(name))
            {
                return none with { Error = "CNAME loop" };
            }

            var data = DataOf(message, name, question.Type);
            if (data.Count > 0)
            {
                return none with { Data = data };
            }

            name = DataOf(message, name, DnsRecordType.CNAME).FirstOrDefault();
        }

        return none with
        {
            Error = name is null
                ? $"no answer of type {question.Type.ToText()}"
                : $"more than {MaxAliases} CNAMEs in a chain",
        };
    }

    /// <summary>
    /// Whether this is in the data. Texts are compared as they are; of all else, addresses as addresses, letters in
    /// either case, and names with or without a last dot.
    /// </summary>
    public bool Has(string data) =>
        Data.Any(one => _type == DnsRecordType.TXT ? one == data : Canonical(one) == Canonical(data));

    private static List<string> DataOf(DnsMessage message, string name, DnsRecordType type) =>
        [
            .. message
                .Answers.Where(record => record.Type == type && record.Name == name)
                .Select(record => record.Data)
                .Distinct(StringComparer.Ordinal),
        ];

    private string Canonical(string data)
    {
        var isAddress = _type is DnsRecordType.A or DnsRecordType.AAAA;
        var text = isAddress && IPAddress.TryParse(data, out var address) ? address.ToString() : data;
        return text.TrimEnd('.').ToUpperInvariant();
    }
}
