using System.Text;
using Fulcrum.Protocols.Tls;

namespace Fulcrum.Fuzz;

/// <summary>
/// What clients of TLS begin with, as it is and with the lengths of record and message made right: with more bytes a
/// verdict stays what it was, and a message means the same in records of any size.
/// </summary>
internal sealed class ClientHelloTarget : IFuzzTarget
{
    private const int RecordHeader = 5;
    private const int MessageHeader = 4;

    private readonly byte[] _scratch = new byte[4096];

    public string Name => "client-hello";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/client-hello"];

    public void Run(ReadOnlySpan<byte> input)
    {
        Check(input);
        if (input.Length is > RecordHeader + MessageHeader and < 4096)
        {
            byte[] message = [1, .. Length(input.Length - RecordHeader - MessageHeader), .. input[9..]];
            var whole = Describe(Records(message, message.Length));
            Check(Records(message, message.Length));
            foreach (var size in new[] { (message.Length / 256) + 1, (message.Length / 2) + 1 })
            {
                if (Describe(Records(message, size)) is var pieces && pieces != whole)
                {
                    throw new FuzzFailureException($"in records of {size} bytes it is {pieces}, in one it is {whole}");
                }
            }
        }
    }

    private void Check(ReadOnlySpan<byte> input)
    {
        var whole = Describe(input);
        // All lengths where a decision is near, and some elsewhere.
        for (var length = 0; length < input.Length; length += length is < 64 || input.Length - length < 16 ? 1 : 13)
        {
            if (Describe(input[..length]) is var part && part != nameof(ClientHelloReading.NeedMore) && part != whole)
            {
                throw new FuzzFailureException($"{length} bytes are {part}, all of them are {whole}");
            }
        }
    }

    private string Describe(ReadOnlySpan<byte> received)
    {
        var reading = ClientHelloReader.Read(received, _scratch, out var hello, out var error);
        if ((reading == ClientHelloReading.Invalid) != (error is not null))
        {
            throw new FuzzFailureException($"{reading}: {error}");
        }

        if (reading != ClientHelloReading.Complete)
        {
            return error ?? reading.ToString();
        }

        var name = Encoding.Latin1.GetString(hello.ServerName);
        if (name.Any(letter => letter is not (>= 'a' and <= 'z' or >= '0' and <= '9' or '-' or '_' or '.')))
        {
            throw new FuzzFailureException($"'{name}' is no name");
        }

        var text = new StringBuilder($"{name} {hello.LegacyVersion} {hello.NewestVersion} {hello.HasSessionId}");
        foreach (var protocol in hello.Protocols)
        {
            text.Append($" {Convert.ToHexString(protocol)}");
        }

        return text.ToString();
    }

    private static byte[] Records(byte[] message, int size) =>
        [.. message.Chunk(size).SelectMany(piece => (byte[])[22, 3, 1, .. Length(piece.Length).AsSpan(1), .. piece])];

    private static byte[] Length(int length) => [(byte)(length >> 16), (byte)(length >> 8), (byte)length];
}
