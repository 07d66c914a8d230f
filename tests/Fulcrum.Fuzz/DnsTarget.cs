using Fulcrum.Protocols.Dns;

namespace Fulcrum.Fuzz;

/// <summary>
/// DNS messages: what is read are names that can be asked for and data of one line; there is an answer or a reason;
/// and it comes over TCP as it is.
/// </summary>
internal sealed class DnsTarget : IFuzzTarget
{
    public string Name => "dns";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/dns"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var message = DnsMessage.TryDecode(input, out var error);
        Require(message is null == error is not null, "a message and an error, or neither");
        if (message is not null)
        {
            Check(message);
        }

        if (input.Length <= ushort.MaxValue)
        {
            var reader = new DnsStreamReader();
            reader.Feed(DnsQuery.Frame(input));
            Require(reader.IsComplete && reader.Message.SequenceEqual(input), "it does not come over TCP as it is");
        }
    }

    private static void Check(DnsMessage message)
    {
        foreach (var record in message.Answers)
        {
            Require(DnsName.Problem(record.Name) is null, $"{record.Name} is no name");
            Require(!record.Data.Any(char.IsControl), "the data is more than a line");
        }

        foreach (var question in message.Questions.Take(10))
        {
            var again = DnsMessage.TryDecode(DnsQuery.Encode(message.Id, question, true), out _);
            Require(again?.Questions is [var asked] && asked == question, $"{question} is asked otherwise");
            var answer = DnsAnswer.Find(question, message);
            Require(answer.Error is null == answer.Data.Count > 0, "data and an error, or neither");
            Require(answer.Data.All(answer.Has), "an answer does not have its own data");
        }
    }

    private static void Require(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            throw new FuzzFailureException(otherwise);
        }
    }
}
