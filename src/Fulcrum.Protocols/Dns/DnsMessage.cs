namespace Fulcrum.Protocols.Dns;

/// <summary>
/// A message of the domain name system, as far as one who asks reads it (RFC 1035 section 4): a header of 12 octets,
/// the question as it was asked, and records that answer it. What follows (authority, additional) is for resolvers and
/// is not read. Types: RFC 1035, RFC 3596 (AAAA), RFC 2782 (SRV), RFC 8659 (CAA); all others by RFC 3597.
/// <para>
/// A response that did not fit into a datagram says so (<see cref="IsTruncated"/>) and is to be asked for over TCP
/// (RFC 7766); of its answers those are told that came whole.
/// </para>
/// </summary>
public sealed class DnsMessage
{
    private const ushort ClassInternet = 1;

    private readonly ushort _flags;

    private DnsMessage(ushort id, ushort flags, IReadOnlyList<DnsQuestion> questions, IReadOnlyList<DnsRecord> answers)
    {
        (Id, _flags, Questions, Answers) = (id, flags, questions, answers);
    }

    public ushort Id { get; }

    public bool IsResponse => (_flags & 0x8000) != 0;

    /// <summary>0 for a query.</summary>
    public int Opcode => (_flags >> 11) & 0xf;

    public bool IsAuthoritative => (_flags & 0x0400) != 0;

    public bool IsTruncated => (_flags & 0x0200) != 0;

    public bool RecursionDesired => (_flags & 0x0100) != 0;

    public bool RecursionAvailable => (_flags & 0x0080) != 0;

    /// <summary>0 when there was no error (RFC 1035 section 4.1.1).</summary>
    public int ResponseCode => _flags & 0xf;

    public IReadOnlyList<DnsQuestion> Questions { get; }

    /// <summary>The records of the answer section that are of the class IN.</summary>
    public IReadOnlyList<DnsRecord> Answers { get; }

    /// <summary>The message, or null and why it is none.</summary>
    public static DnsMessage? TryDecode(ReadOnlySpan<byte> octets, out string? error)
    {
        var reader = new DnsReader(octets);
        var (id, flags) = (reader.ReadUInt16(), reader.ReadUInt16());
        var (asked, answered) = (reader.ReadUInt16(), reader.ReadUInt16());
        _ = reader.ReadUInt32(); // How many records of authority and in addition follow.
        var questions = ReadQuestions(ref reader, asked);
        error = reader.Error;
        if (error is not null)
        {
            return null;
        }

        var message = new DnsMessage(id, flags, questions, ReadAnswers(ref reader, answered));
        error = message.IsTruncated ? null : reader.Error;
        return error is null ? message : null;
    }

    /// <summary>
    /// Whether this responds to what was asked (RFC 5452 section 9.1). A server that could not read the question need
    /// not repeat it.
    /// </summary>
    public bool IsResponseTo(ushort id, DnsQuestion question) =>
        IsResponse
        && Id == id
        && Opcode == 0
        && (
            Questions is [var asked]
                ? asked.Type == question.Type && asked.Name == DnsName.Canonical(question.Name)
                : Questions.Count == 0 && ResponseCode != 0
        );

    private static List<DnsQuestion> ReadQuestions(ref DnsReader reader, int count)
    {
        var questions = new List<DnsQuestion>();
        for (; count > 0 && reader.Error is null; count--)
        {
            var question = new DnsQuestion(reader.ReadName(), (DnsRecordType)reader.ReadUInt16());
            if (reader.ReadUInt16() == ClassInternet)
            {
                questions.Add(question);
            }
        }

        return questions;
    }

    private static List<DnsRecord> ReadAnswers(ref DnsReader reader, int count)
    {
        var records = new List<DnsRecord>();
        for (; count > 0; count--)
        {
            var name = reader.ReadName();
            var type = (DnsRecordType)reader.ReadUInt16();
            var isInternet = reader.ReadUInt16() == ClassInternet;
            var ttl = reader.ReadUInt32();
            reader.Enter(reader.ReadUInt16());
            var data = DnsData.Read(ref reader, type);
            reader.Leave();
            if (reader.Error is not null)
            {
                break;
            }

            if (isInternet)
            {
                // RFC 2181 section 8: a time with the highest bit set is none.
                records.Add(new DnsRecord(name, type, ttl > int.MaxValue ? 0 : ttl, data));
            }
        }

        return records;
    }
}
