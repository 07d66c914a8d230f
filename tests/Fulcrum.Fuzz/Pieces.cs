namespace Fulcrum.Fuzz;

/// <summary>Bytes of a stream come in pieces of any size, and mean the same.</summary>
internal static class Pieces
{
    /// <param name="read">Reads pieces of the given size, and says all there is to say of what was read.</param>
    public static void Compare<T>(ReadOnlySpan<byte> input, Func<byte[], int, T> read)
    {
        var bytes = input.ToArray();
        var whole = read(bytes, Math.Max(bytes.Length, 1));
        for (var size = 1; size <= 3; size++)
        {
            if (read(bytes, size) is var pieces && !Equals(pieces, whole))
            {
                throw new FuzzFailureException($"pieces of {size} bytes are read as {pieces}, the whole as {whole}");
            }
        }
    }
}
