using System.Text;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Journaling.Files;

namespace Fulcrum.Engine.Tests.Journaling.Files;

public sealed class ChangeCodecTests
{
    private static readonly JournalChange[] Some =
    [
        new("key", "value"),
        new("gone", null),
        new("", ""),
        new("Schlüssel 😀", """{"a":"\u0000"}"""),
        new("\0", "\0\uFEFF"),
    ];

    [Fact]
    public void What_is_written_is_read() => Assert.Equal(Some, ChangeCodec.Read(Bytes(Some)));

    [Fact]
    public void A_part_is_read_only_where_a_change_ends()
    {
        var bytes = Bytes(Some);
        var ends = Some.Select((_, index) => Bytes(Some[..index]).Length).Append(bytes.Length).ToHashSet();
        for (var length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(ends.Contains(length), ChangeCodec.Read(bytes.AsSpan(0, length)) is not null);
        }
    }

    [Theory]
    [InlineData("FFFFFFFF FFFFFFFF")]
    [InlineData("00000000 FEFFFFFF")]
    [InlineData("FFFFFF7F FFFFFF7F")]
    [InlineData("01000000 FFFFFFFF FF")]
    [InlineData("00000000 02000000 C080")]
    public void Other_bytes_are_no_changes(string hexadecimal) =>
        Assert.Null(ChangeCodec.Read(Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void Half_a_surrogate_pair_is_refused() =>
        Assert.Throws<EncoderFallbackException>(() => ChangeCodec.Size("key", "\uD83D"));

    private static byte[] Bytes(JournalChange[] changes)
    {
        var bytes = new byte[changes.Sum(change => ChangeCodec.Size(change.Key, change.Value))];
        var at = 0;
        foreach (var (key, value) in changes)
        {
            at += ChangeCodec.Write(bytes.AsSpan(at), key, value);
        }

        Assert.Equal(bytes.Length, at);
        return bytes;
    }
}
